"""
The formats that resources leave in, one module each, all alike.

NAME is for people, CONTENT_TYPE and EXTENSION for machines. render(resources, origin)
takes any iterable of records.whole() or Resource.objects.for_export() and gives the
file in pieces; it holds one resource at a time.
"""

from . import bibtex, csl, csv, dublin_core, json, ris

FORMATS = {
    module.EXTENSION: module for module in [ris, bibtex, csl, csv, json, dublin_core]
}
# Those in which one resource can be had: a table of one row is of use to nobody.
OF_ONE = {end: module for end, module in FORMATS.items() if end != "csv"}
