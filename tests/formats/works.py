"""Documents without a database, and how they are cited."""

from itertools import count

from resources import documents, models
from resources.documents import Document, Term
from resources.formats.citations import citations

URL = "https://catalogue.example/resources/7/"
UNKNOWN = {
    **dict.fromkeys(["summary", "description", "source_url", "doi", "isbn"], ""),
    **dict.fromkeys(["programme", "publisher", "cover"]),
    **dict.fromkeys(["published_at", "changed_at"]),
    **dict.fromkeys(["themes", "regions"], ()),
    **dict.fromkeys(["countries_of_origin", "countries_of_residence"], ()),
}
ids = count(1)


def person(name, sort_name=""):
    row = models.Contributor(name=name, sort_name=sort_name, pk=next(ids))
    return documents.contributor(row)


def organisation(name):
    row = models.Contributor(name=name, kind="organisation", pk=next(ids))
    return documents.contributor(row)


def work(authors=(), type="report", editors=(), translators=(), **fields):
    fields = {"title": "Beyond Remittances", "year": 2004, **fields}
    people = {"author": authors, "editor": editors, "translator": translators}
    entries = tuple((role, one) for role, ones in people.items() for one in ones)
    return Document(
        **UNKNOWN
        | {"id": 7, "language": "en", "sort_title": "", "contributions": entries}
        | {"type": Term("type", type, {"en": type})}
        | fields
    )


def texts(document, **more):
    return {c.name: c.text for c in citations(document, URL, **more)}


def marked(document):
    """Return citations with their italics between asterisks."""
    return {
        citation.name: "".join(
            f"*{part.text}*" if part.is_italic else part.text for part in citation.parts
        )
        for citation in citations(document, URL)
    }


def people(count):
    return [person(f"Given{n} Family{n}") for n in range(1, count + 1)]
