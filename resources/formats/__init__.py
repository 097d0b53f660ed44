"""
The formats in which records can be downloaded: one module each, all alike.

Every module has NAME (for people), CONTENT_TYPE, EXTENSION and render(documents,
origin), which yields the text of a file in pieces and holds one document at a time.
`origin` is the scheme and host of the site, such as "https://example.org".
"""

from . import bibtex, csl, csv, dublin_core, json, mods, ris, spreadsheet

FORMATS = {
    module.EXTENSION: module
    for module in [ris, bibtex, csl, csv, spreadsheet, json, dublin_core]
}
# Formats of a single record: a table of one row is of use to nobody.
TABLES = {csv.EXTENSION, spreadsheet.EXTENSION}
OF_ONE = {end: module for end, module in FORMATS.items() if end not in TABLES}

__all__ = ["FORMATS", "OF_ONE", "mods"]
