"""
A snapshot of the vocabularies: every term by slug, read once per catalogue version.

Documents keep the slugs of terms. Their names in each language come from here.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db import transaction

from .. import addresses
from ..drawings import default_motif, default_palette
from ..models import (
    Country,
    Equivalents,
    Programme,
    Region,
    ResourceType,
    Theme,
    safe_web_address,
)

MODELS = {
    "programme": Programme,
    "region": Region,
    "country": Country,
    "theme": Theme,
    "type": ResourceType,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a vocabulary, with its names by language; English is always there."""

    vocabulary: str
    slug: str
    names: dict = field(compare=False)
    # UN M49 for regions, ISO 3166-1 for countries, else empty.
    code: str = ""
    aliases: str = ""
    # By language, where there is one.
    descriptions: dict = field(default_factory=dict, compare=False)
    url: str = ""
    started_in: int | None = None
    ended_in: int | None = None
    # Chosen for themes and programmes; empty where nobody chose.
    chosen_motif: str = ""
    chosen_palette: str = ""

    @classmethod
    def from_row(cls, vocabulary, row):
        optional = ["code", "aliases", "url", "started_in", "ended_in"]
        values = {name: getattr(row, name) for name in optional if hasattr(row, name)}
        values["url"] = safe_web_address(values.get("url", ""))
        values["chosen_motif"] = getattr(row, "motif", "")
        values["chosen_palette"] = getattr(row, "palette", "")
        if hasattr(row, "descriptions"):
            values["descriptions"] = row.descriptions()
        return cls(vocabulary, row.slug, row.names(), **values)

    @property
    def name(self):
        """The English name."""
        return self.names["en"]

    def name_in(self, language):
        """Return the name in a language, or in English where there is none."""
        return self.names.get(language) or self.names["en"]

    @property
    def description(self):
        """The English description; empty where there is none."""
        return self.descriptions.get("en", "")

    def description_in(self, language):
        """
        Return the description in a language, else in English, and its language.

        Both are empty where there is none.
        """
        for one in [language, "en"]:
            if one in self.descriptions:
                return self.descriptions[one], one
        return "", ""

    def full_name_in(self, language):
        """
        Return the name, of a programme after what its abbreviation stands for.

        That is the first of its other names: "Return of Qualified Afghans (RQA)".
        """
        name, aliases = self.name_in(language), self.aliases.splitlines()
        is_abbreviation = name.isupper() and " " not in name
        if self.vocabulary == "programme" and is_abbreviation and aliases:
            words = aliases[0].strip()
            return f"{words} ({name})" if " " in words else name
        return name

    @property
    def motif(self):
        return self.chosen_motif or default_motif(self.slug)

    @property
    def palette(self):
        return self.chosen_palette or default_palette(self.slug)

    def both_names_in(self, language):
        return self.name_in(language), self.full_name_in(language)

    def address_in(self, language):
        return addresses.page(self.vocabulary, language, self.slug)

    def __str__(self):
        return self.name


class Vocabularies:
    """All terms by vocabulary and slug, and how regions contain each other."""

    def __init__(self, terms, parents, equivalents=()):
        self.terms = terms
        # Groups of words and phrases that mean the same.
        self.equivalents = equivalents
        # The slug of the region that contains a region or a country, by vocabulary.
        self.parents = parents

    @classmethod
    def read(cls):
        """Read all vocabularies, with one query each."""
        terms, parents = {}, {"region": {}, "country": {}}
        for name, model in MODELS.items():
            rows = model.objects.order_by()
            if name in parents:
                above = "parent" if name == "region" else "region"
                rows = rows.select_related(above)
                parents[name] = {
                    row.slug: container.slug
                    for row in rows
                    if (container := getattr(row, above))
                }
            terms[name] = {row.slug: Term.from_row(name, row) for row in rows}
        rows = Equivalents.objects.order_by("pk")
        return cls(terms, parents, tuple(row.phrases for row in rows))

    def term(self, vocabulary, slug):
        """Return a term; one that is no longer known is called by its slug."""
        term = self.terms[vocabulary].get(slug)
        return term or Term(vocabulary, slug, {"en": slug})

    def of_row(self, vocabulary, row):
        """Return the term of a row, which may be newer than this snapshot."""
        term = self.terms[vocabulary].get(row.slug)
        return term or Term.from_row(vocabulary, row)

    def regions_around(self, slug):
        """Return a region's slug and those of all regions that contain it."""
        found = []
        while slug and slug not in found:
            found.append(slug)
            slug = self.parents["region"].get(slug)
        return found


def snapshot(version):
    """Return the vocabularies as of a catalogue version."""
    # What an open transaction reads may be rolled back, and its version used again.
    return snapshot_of(version) if transaction.get_autocommit() else Vocabularies.read()


@lru_cache(maxsize=1)
def snapshot_of(version):
    return Vocabularies.read()
