"""
The public document of a record: everything the public may know about it.

Cards, pages, feeds, exports, citations, OAI-PMH and the API all read documents. The
search index stores each as JSON; `build` makes the same from the database. A field
that is not in Document is not public.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlsplit

from .. import addresses, changes, languages
from ..drawings import DrawnCover
from ..files import covers
from ..models import (
    CREATORS,
    Resource,
    Role,
    address_end,
    address_words,
    safe_web_address,
)
from ..models.identifiers import normal_isbn
from .vocabularies import Term, Vocabularies, snapshot

__all__ = [
    "Contributor",
    "Cover",
    "Document",
    "Term",
    "Vocabularies",
    "build",
    "from_json",
    "published",
    "snapshot",
    "to_json",
]


WORLDCAT = "https://search.worldcat.org/search?q="


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or organisation that wrote, published or shared a resource."""

    id: int
    name: str
    sort_name: str
    kind: str
    # Both are empty for an organisation, `given` also where a name stays whole.
    family: str
    given: str
    aliases: str = ""
    suffix: str = ""
    # What tells it from another one of the same name.
    note: str = ""
    romanised: str = ""
    orcid: str = ""
    ror: str = ""

    @property
    def is_person(self):
        return self.kind == "person"

    @property
    def slug(self):
        return address_words(self.name)

    def address_as(self, role, language):
        """Return the address of the page of an "author" or a "publisher"."""
        start = addresses.page(f"{role}-all", language)
        return f"{start}{self.id}/{address_end(self.name)}/"

    def __str__(self):
        return self.name


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover picture: the name and size in pixels of its widest file."""

    name: str
    width: int
    height: int
    alt: str

    @property
    def renditions(self):
        """The files of the cover, narrowest first."""
        return covers.renditions(self.name, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Document:
    """What the public may know about a resource."""

    id: int
    title: str
    sort_title: str
    summary: str
    description: str
    language: str
    type: Term
    programme: Term | None
    # In the order of their English names.
    themes: tuple[Term, ...]
    regions: tuple[Term, ...]
    countries_of_origin: tuple[Term, ...]
    countries_of_residence: tuple[Term, ...]
    # Each with a value of Role, in the order of the credit line.
    contributions: tuple[tuple[str, Contributor], ...]
    publisher: Contributor | None
    year: int | None
    source_url: str
    doi: str
    isbn: str
    cover: Cover | None
    # None only in the preview of a record that has not been published.
    published_at: datetime | None
    changed_at: datetime | None
    # Where in a periodical an article stands.
    volume: str = ""
    issue: str = ""
    pages: str = ""
    # What became different, in words, and the day of the last review.
    change_note: str = ""
    reviewed_on: date | None = None

    def __str__(self):
        return self.title

    @property
    def slug(self):
        return address_words(self.title)

    @property
    def permanent_path(self):
        """The path that never changes: without language and title."""
        return f"/resources/{self.id}/"

    def address_in(self, language):
        """Return the path of the record's page in a language."""
        start = addresses.of_list(language)
        return f"{start}{self.id}/{address_end(self.title)}/"

    def with_role(self, *roles):
        """Return those who have one of these roles, in the order of the credit line."""
        return tuple([one for role, one in self.contributions if role in roles])

    @property
    def authors(self):
        return self.with_role(Role.AUTHOR)

    @property
    def editors(self):
        return self.with_role(Role.EDITOR)

    @property
    def creators(self):
        """The authors and editors: who has pages, a filter and a search scope."""
        return self.with_role(*CREATORS)

    @property
    def shared_by(self):
        return self.with_role(Role.SHARED_BY)

    @property
    def credit(self):
        """
        Whom the credit line above a title names.

        The authors; without any, whoever shared it, as on iDiaspora; else the editors.
        """
        return self.authors or self.shared_by or self.editors

    @property
    def dir(self):
        """The direction its language is written in: "ltr" or "rtl"."""
        return languages.direction(self.language)

    @property
    def language_name(self):
        return languages.own_name(self.language)

    def language_name_in(self, language):
        return languages.name_in(self.language, language)

    @property
    def source_host(self):
        return urlsplit(self.source_url).hostname or ""

    @property
    def library_search(self):
        """The address of a search for it in WorldCat, which knows many libraries."""
        isbn = normal_isbn(self.isbn)
        return WORLDCAT + quote(f"bn:{isbn}" if isbn else self.title)

    @property
    def countries(self):
        """The countries of origin and of residence, each once."""
        both = [*self.countries_of_origin, *self.countries_of_residence]
        return list(dict.fromkeys(both))

    @property
    def renditions(self):
        """The files of its cover, narrowest first; none without a cover."""
        return self.cover.renditions if self.cover else []

    @property
    def drawn_cover(self):
        """The cover that is drawn for a record without one, in its own language."""
        theme = (self.themes or [self.programme or self.type])[0]
        is_named = self.language in self.type.names
        makers = self.authors or self.editors
        credit = [*makers, self.publisher] if self.publisher else makers
        return DrawnCover(
            title=self.title,
            label=self.type.name_in(self.language),
            label_language=self.language if is_named else "en",
            credit=str(credit[-1]) if credit else "",
            language=self.language,
            motif=theme.motif,
            palette=theme.palette,
            seed=self.id,
        )


TERMS = {"type": "type", "programme": "programme"}
TERM_LISTS = {
    "themes": "theme",
    "regions": "region",
    "countries_of_origin": "country",
    "countries_of_residence": "country",
}
TIMES = ["published_at", "changed_at"]
# Stored as they are, in the order of the fields of a document.
PLAIN = ["id", "title", "sort_title", "summary", "description", "language"]
PLAIN += ["year", "source_url", "doi", "isbn", "volume", "issue", "pages"]
PLAIN += ["change_note"]


def published(ids, vocabularies=None):
    """Return the documents of those of these ids that are published, by id."""
    rows = Resource.objects.published().filter(pk__in=ids)
    return {document.id: document for document in build(rows, vocabularies)}


def build(resources, vocabularies=None):
    """
    Yield the document of each row of a queryset of resources.

    The queryset must start from published(); only the preview in the admin passes
    anything else.
    """
    vocabularies = vocabularies or snapshot(changes.version())
    for row in resources.for_documents():
        terms = {
            name: vocabularies.of_row(vocabulary, found)
            if (found := getattr(row, name))
            else None
            for name, vocabulary in TERMS.items()
        }
        term_lists = {
            name: in_order(
                vocabularies.of_row(vocabulary, one)
                for one in getattr(row, f"loaded_{name}")
            )
            for name, vocabulary in TERM_LISTS.items()
        }
        values = {name: getattr(row, name) for name in [*PLAIN, *TIMES]}
        values["reviewed_on"] = row.reviewed_on
        values["source_url"] = safe_web_address(row.source_url)
        yield Document(
            **values,
            **terms,
            **term_lists,
            contributions=contributions(row),
            publisher=contributor(row.publisher) if row.publisher else None,
            cover=cover(row),
        )


def in_order(terms):
    return tuple(sorted(terms, key=lambda term: (term.name, term.slug)))


def contributions(row):
    line = sorted(row.loaded_contributions, key=lambda one: (one.position, one.pk))
    return tuple([(one.role, contributor(one.contributor)) for one in line])


def contributor(row):
    return Contributor(
        row.pk,
        row.name,
        row.sort_name,
        row.kind,
        row.family,
        row.given,
        row.aliases,
        row.suffix,
        row.note,
        row.romanised,
        row.orcid,
        row.ror,
    )


def cover(row):
    if not row.cover:
        return None
    return Cover(row.cover.name, row.cover_width, row.cover_height, row.cover_alt)


def to_json(document):
    """Return a document as JSON, as the search index stores it."""
    values = {name: getattr(document, name) for name in PLAIN}
    for name in TIMES:
        values[name] = getattr(document, name).isoformat()
    values["reviewed_on"] = document.reviewed_on and document.reviewed_on.isoformat()
    for name in TERMS:
        values[name] = (term := getattr(document, name)) and term.slug
    for name in TERM_LISTS:
        values[name] = [term.slug for term in getattr(document, name)]
    values["contributions"] = [
        [role, *fields(one)] for role, one in document.contributions
    ]
    values["publisher"] = document.publisher and fields(document.publisher)
    values["cover"] = document.cover and fields(document.cover)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def fields(row):
    return [getattr(row, name) for name in row.__slots__]


def from_json(text, vocabularies):
    """Return the document that to_json() wrote; `vocabularies` name its terms."""
    values = json.loads(text)
    for name in TIMES:
        values[name] = datetime.fromisoformat(values[name])
    if values["reviewed_on"]:
        values["reviewed_on"] = date.fromisoformat(values["reviewed_on"])
    for name, vocabulary in TERMS.items():
        values[name] = values[name] and vocabularies.term(vocabulary, values[name])
    for name, vocabulary in TERM_LISTS.items():
        values[name] = tuple(
            [vocabularies.term(vocabulary, slug) for slug in values[name]]
        )
    values["contributions"] = tuple(
        [(role, Contributor(*one)) for role, *one in values["contributions"]]
    )
    values["publisher"] = values["publisher"] and Contributor(*values["publisher"])
    values["cover"] = values["cover"] and Cover(*values["cover"])
    return Document(**values)
