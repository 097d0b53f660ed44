"""Documents for the formats, and parsers that read what they write."""

import json

import bibtexparser

from resources import documents
from resources.models import Resource

ORIGIN = "https://catalogue.example"


def all_documents():
    """Return all public documents by id, in the order of the ids."""
    return list(documents.build(Resource.objects.published().order_by("pk")))


def document_of(resource):
    return documents.published([resource.pk])[resource.pk]


def text_of(module, selected=None):
    """Return the file that a format makes of these documents, or of all."""
    selected = all_documents() if selected is None else selected
    return "".join(module.render(selected, ORIGIN))


def strict_json(text):
    """Return what JSON says. Raises where a key is repeated or a number is NaN."""

    def unique(pairs):
        assert len({key for key, _ in pairs}) == len(pairs)
        return dict(pairs)

    def refuse(constant):
        raise ValueError(constant)

    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def bibtex_entries(text):
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    return library.entries
