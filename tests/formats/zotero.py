"""
What Zotero's importer of RIS makes of our file, by its own rules.

RIS.js of https://github.com/zotero/translators (version of 5 January 2026) says which
type each TY becomes and which field each tag goes to; this repeats its rules as far as
our file has need of them. It does not run Zotero.
"""

import re

ITEM_TYPES = {
    "BOOK": "book",
    "DATA": "dataset",
    "GEN": "journalArticle",
    "JOUR": "journalArticle",
    "MAP": "map",
    "MGZN": "magazineArticle",
    "NEWS": "newspaperArticle",
    "PAMP": "manuscript",
    "RPRT": "report",
    "VIDEO": "videoRecording",
}
ARTICLES = {"journalArticle", "magazineArticle", "newspaperArticle"}
# Fields that have one name in all types, and those named differently by type.
FIELDS = {
    "AB": "abstractNote",
    "DO": "DOI",
    "IS": "issue",
    "LA": "language",
    "TI": "title",
    "UR": "url",
    "VL": "volume",
}
OTHER_CREATORS = {"A4": "translator", "ED": "editor"}
CREATORS = {"map": "cartographer", "videoRecording": "director"}
PUBLISHERS = {"dataset": "repository", "report": "institution"}
PUBLISHERS |= {"videoRecording": "studio"}
TYPE_FIELDS = {"manuscript": "manuscriptType", "map": "mapType", "report": "reportType"}


def items(text):
    """Return the items that Zotero makes of a file."""
    entries = text.split("\r\nER  - ")[:-1]
    return [item(entry.strip().split("\r\n")) for entry in entries]


def item(lines):
    pairs = [
        re.fullmatch(r"([A-Z][A-Z0-9]) {1,2}-(?: (.*))?", line).groups()
        for line in lines
    ]
    assert pairs[0][0] == "TY"
    kind = ITEM_TYPES.get(pairs[0][1], "journalArticle")
    found = {"itemType": kind, "creators": [], "tags": [], "attachments": []}
    for tag, value in pairs[1:]:
        add(found, kind, tag, value.strip())
    return found


def add(found, kind, tag, value):
    if tag == "AU":
        found["creators"].append(creator(value, CREATORS.get(kind, "author")))
    elif tag in OTHER_CREATORS:
        found["creators"].append(creator(value, OTHER_CREATORS[tag]))
    elif tag == "KW":
        found["tags"] += re.split(r"\s*(?:;\s*)+", value)
    elif tag == "L2":
        found["attachments"].append(value)
    elif tag == "PY":
        found.setdefault("date", value)
    elif tag == "EP":
        found["pages"] = f"{found['pages']}-{value}" if "pages" in found else value
    elif name := field(kind, tag):
        found.setdefault(name, value)


def creator(value, role):
    """The first comma ends the family name; without a given name it is a whole name."""
    last, _comma, first = value.partition(",")
    first = first.strip().lstrip(",").strip()
    found = {"lastName": last.strip(), "creatorType": role}
    return found | ({"firstName": first} if first else {"fieldMode": 1})


def field(kind, tag):
    """Return the name of the field, or None where Zotero keeps no such value."""
    by_type = {
        "M3": TYPE_FIELDS.get(kind),
        "N1": "notes",
        "PB": PUBLISHERS.get(kind, "publisher"),
        "SN": "ISSN"
        if kind in ARTICLES
        else "reportNumber"
        if kind == "report"
        else "ISBN",
        "SP": "numPages" if kind in {"book", "manuscript"} else "pages",
        "T2": "publicationTitle" if kind in ARTICLES else "seriesTitle",
    }
    return by_type.get(tag) or FIELDS.get(tag)


def name_of(one):
    """Return a creator as the table of docs/zotero.md shows it."""
    if "firstName" in one:
        return f"{one['lastName']}, {one['firstName']}"
    return f"“{one['lastName']}”"


def table(documents, found):
    """Return a row of Markdown for each record: type, creators and date."""
    rows = ["| id | title | item type | creators | date |", "|--:|---|---|---|---|"]
    for document, one in zip(documents, found, strict=True):
        roles = {creator["creatorType"] for creator in one["creators"]} - {"author"}
        names = "; ".join(map(name_of, one["creators"])) or "–"
        names += f" ({', '.join(roles)})" if roles else ""
        kind = one["itemType"]
        if own := one.get(TYPE_FIELDS.get(kind)):
            kind = f"{kind} ({own})"
        cells = [str(document.id), document.title, kind, names, one.get("date", "–")]
        rows.append(
            "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"
        )
    return "\n".join(rows)
