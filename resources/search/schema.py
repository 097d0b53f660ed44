"""The fields of the engine: what a record is found, sorted and counted by."""

import json

import tantivy

from ..documents import to_json
from ..models.identifiers import NORMAL
from .analysis import folded, joined, spelled
from .query import FILTERS, IDENTIFIERS, NUMBERED

# Raise it when the fields, the analyser or the stored documents change.
FORMAT = 15


def schema():
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    # The place of the record in the bitmaps, and a mark on records that were indexed
    # after the bitmaps were written.
    builder.add_integer_field("number", fast=True)
    builder.add_integer_field("recent", indexed=True)
    # Everything a record is found by, as stems.
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    # The same words as they are written, for phrases and for corrections.
    builder.add_text_field("exact", tokenizer_name="whitespace")
    for name in ["in_title", "title_words", "in_author"]:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in FILTERS:
        if name in NUMBERED:
            builder.add_integer_field(name, indexed=True, fast=True)
        else:
            builder.add_text_field(
                name, tokenizer_name="raw", index_option="basic", fast=True
            )
    builder.add_text_field("identifier", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", indexed=True, fast=True)
    # One value for each record, so that an order has no ties.
    for name in ["by_newest", "by_year"]:
        builder.add_integer_field(name, fast=True)
    builder.add_text_field(
        "by_title", tokenizer_name="raw", index_option="basic", fast=True
    )
    # The public document, and what the bitmaps need: see entry().
    builder.add_bytes_field("document", stored=True)
    builder.add_bytes_field("entry", stored=True)
    return builder.build()


# The low bits of the key of newness hold as much of the id.
ID_BITS = 22


def newness(published_at, pk):
    """Return a key that the most recently published record has the largest of."""
    milliseconds = int(published_at.timestamp() * 1000)
    return (milliseconds << ID_BITS) | (pk & ((1 << ID_BITS) - 1))


def parts_of_newness(key):
    """Return the milliseconds and the low bits of the id that a key was made of."""
    return divmod(key, 1 << ID_BITS)


# The low bits of the key of years hold the id.
YEAR_BITS = 42


def year_key(year, pk):
    """Return a key that grows with the year, and in a year with the id."""
    return ((year or 0) << YEAR_BITS) | pk


def facet_values(document, vocabularies):
    """Return the values a document has for each filter, and its year."""
    containing = vocabularies.parents["country"]
    regions = [region.slug for region in document.regions]
    regions += [containing.get(country.slug) for country in document.countries]
    around = {slug for one in regions for slug in vocabularies.regions_around(one)}
    programme, publisher = document.programme, document.publisher
    return {
        "programme": [programme.slug] if programme else [],
        "region": sorted(around),
        "country": [country.slug for country in document.countries],
        "country_of_origin": [one.slug for one in document.countries_of_origin],
        "country_of_residence": [one.slug for one in document.countries_of_residence],
        "theme": [theme.slug for theme in document.themes],
        "type": [document.type.slug],
        "language": [document.language],
        "author": list(dict.fromkeys(one.id for one in document.creators)),
        "publisher": [publisher.id] if publisher else [],
        "year": [document.year] if document.year else [],
    }


def text_fields(document, vocabularies, spelled_names):
    """Return the words a document is found by, as written and as stems."""
    language = document.language
    programme, countries = document.programme, document.countries
    around = facet_values(document, vocabularies)["region"]
    regions = [vocabularies.term("region", slug) for slug in around]
    texts = [document.title, document.summary, document.description]
    people = [contributor for _role, contributor in document.contributions]
    texts += (one.name for one in people)
    texts += (one.romanised for one in people if one.romanised)
    if programme:
        texts += [programme.name, programme.aliases]
    if document.publisher:
        texts.append(document.publisher.name)
    if document.year:
        texts.append(str(document.year))
    words = [spelled(text, language) for text in texts]
    title_words, title = words[0]
    title = f"{title} {spelled(joined(document.title), language)[1]}"
    for term in [document.type, *document.themes, *countries, *regions]:
        words += spelled_names(term)
    stems = [title, *(stemmed for _written, stemmed in words)]
    stems.append(spelled(joined(" ".join(texts)), language)[1])
    stems += (spelled(one.aliases, "en")[1] for one in people)
    return {
        "text": " ".join(stems),
        "exact": [written for written, _stemmed in words if written],
        "in_title": title,
        "title_words": title_words,
        "in_author": " ".join(
            form
            for one in document.creators
            for form in folded(f"{one.name} {one.romanised}")
        ),
    }


def identifiers(document):
    """Return what a document is looked up by, each in its one spelling."""
    found = {name: NORMAL[name](getattr(document, name)) for name in IDENTIFIERS}
    return [f"{name}:{value}" for name, value in found.items() if value]


class FieldMaker:
    """Turns documents into fields of the engine, with the vocabularies of a version."""

    def __init__(self, vocabularies):
        self.vocabularies = vocabularies
        self.names = {}

    def spelled_names(self, term):
        """
        Return all names of a term, as written and as stems.

        What a resource is about can be asked for in each language of the interface.
        Aliases are of no stated language; queries try the English stem anyway.
        """
        key = term.vocabulary, term.slug
        if key not in self.names:
            names = [*term.names.items(), ("en", term.aliases)]
            self.names[key] = [spelled(name, code) for code, name in names if name]
        return self.names[key]

    def fields(self, document):
        """Return the fields of a document, all but its number."""
        values = facet_values(document, self.vocabularies)
        return {
            "id": document.id,
            **text_fields(document, self.vocabularies, self.spelled_names),
            **values,
            "by_newest": newness(document.published_at, document.id),
            "by_year": year_key(document.year, document.id),
            "by_title": f"{document.sort_title}\x00{document.id:019}",
            "identifier": identifiers(document),
            "document": to_json(document).encode(),
        }


def engine_document(fields, number, is_recent):
    """Return the engine's own document for some fields."""
    recent = {"recent": 1} if is_recent else {}
    entry = json.dumps(entry_of(fields, number)).encode()
    return tantivy.Document(**fields, **recent, number=number, entry=entry)


def entry_of(fields, number):
    """Return what the bitmaps need to know of a record: see bitmaps.Entry."""
    values = {
        name: [str(value) for value in fields[name]]
        for name in [*FILTERS, "year"]
        if fields[name]
    }
    return [fields["id"], number, fields["by_newest"], values]
