"""
How to cite a resource, in five styles; they end with an address that lasts.

A style is a function from what is known to one text. Italics stand between two
control characters, which line() has taken out of everything else. The catalogue
knows no place of publication, so none is named.
"""

import re
import unicodedata
from datetime import date
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

from .values import ARTICLES, doi_url, inverted, line

ITALIC, ROMAN = "\x02", "\x03"
CLOSING = f"{ROMAN}\"'”’»"
ENDS = (".", "?", "!", "…", "؟", "۔", "。", "？", "！", "।")
# APA names in brackets what is not simply a text.
MEDIA = {"dataset": "[Data set]", "map": "[Map]", "video": "[Video]"}
# A letter and the rest of its word, perhaps with the hyphen before it.
WORD = re.compile(r"(-?)([^\W\d_])([\w'’]*)")


class Citation(NamedTuple):
    name: str
    marked: str
    url: str

    @property
    def html(self) -> SafeString:
        html = escape(self.marked).replace(ITALIC, "<i>").replace(ROMAN, "</i>")
        # In a text from right to left its last slash would be shown before it.
        url = escape(self.url)
        return SafeString(html.replace(url, f"<bdi>{url}</bdi>"))

    @property
    def text(self) -> str:
        return plain(self.marked)


class Author(NamedTuple):
    """A contributor as citations write it: each part on one line."""

    name: str
    family: str
    # None where the name stays whole; else as initials() takes them.
    given: list | str | None
    inverted: str
    is_person: bool


def author(contributor) -> Author:
    given = contributor.given
    return Author(
        name=line(contributor.name),
        family=line(contributor.family),
        given=given_names(line(given)) if given else None,
        inverted=inverted(contributor),
        is_person=contributor.is_person,
    )


class Work(NamedTuple):
    """What a citation is made of; empty where it is not known."""

    authors: list[Author]
    year: str
    title: str
    publisher: str
    published_by_author: bool
    is_article: bool
    medium: str
    url: str
    has_doi: bool
    accessed: date | None


def citations(resource, url: str, accessed: date | None = None) -> list[Citation]:
    """
    The resource in each style, with its DOI or else with this permanent address.

    Harvard and Vancouver want the day on which the address was looked at; they do
    without it when it is not given.
    """
    publisher = resource.publisher
    is_article = resource.type.slug in ARTICLES
    name = line(publisher.name) if publisher else ""
    work = Work(
        authors=[author(one) for one in resource.credits],
        year=str(resource.year or ""),
        title=line(resource.title),
        publisher=italic(name) if name and is_article else name,
        published_by_author=publisher in resource.credits,
        is_article=is_article,
        medium=MEDIA.get(resource.type.slug, ""),
        url=doi_url(resource) or url,
        has_doi=bool(resource.doi),
        accessed=accessed,
    )
    return [Citation(name, style(work), work.url) for name, style in STYLES.items()]


# The styles


def apa(work: Work) -> str:
    """https://apastyle.apa.org/style-grammar-guidelines/references"""
    title = work.title if work.is_article else italic(work.title)
    title = stopped(joined(title, work.medium))
    year = f"({work.year or 'n.d.'})."
    names = stopped(apa_names([short(one) for one in work.authors]))
    start = joined(names, year, title) if names else joined(title, year)
    publisher = "" if work.published_by_author else stopped(work.publisher)
    return joined(start, publisher, work.url)


def mla(work: Work) -> str:
    """https://style.mla.org/works-cited/citations-by-format/"""
    # Who publishes what it wrote alone is named once, as the publisher.
    is_told_later = work.published_by_author and len(work.authors) == 1
    names = "" if is_told_later else stopped(mla_names(work.authors))
    facts = joined(work.publisher, work.year, work.url, between=", ")
    return joined(names, quoted_or_italic(work), f"{facts}.")


def chicago(work: Work) -> str:
    """The bibliography form of https://www.chicagomanualofstyle.org"""
    names = stopped(chicago_names(work.authors))
    facts = joined(work.publisher, work.year or "n.d.", between=", ")
    return joined(names, quoted_or_italic(work), stopped(facts), f"{work.url}.")


def harvard(work: Work) -> str:
    """The form of "Cite Them Right" by Pears and Shields."""
    title = f"‘{work.title}’" if work.is_article else italic(work.title)
    year = f"({work.year or 'no date'})"
    names = harvard_names([short(one, between="") for one in work.authors])
    if names:
        before_periodical = work.is_article and work.publisher
        title = f"{title}," if before_periodical else stopped(title)
        start = joined(names, year, title)
    else:
        start = joined(title, year if work.publisher else f"{year}.")
    seen = ""
    if work.accessed and not work.has_doi:
        seen = f" (Accessed: {work.accessed.day} {work.accessed:%B %Y})"
    return joined(start, stopped(work.publisher), f"Available at: {work.url}{seen}.")


def vancouver(work: Work) -> str:
    """https://www.ncbi.nlm.nih.gov/books/NBK7256/"""
    names = stopped(vancouver_names(work.authors))
    publisher = plain(work.publisher)
    cited = ""
    if work.accessed:
        cited = f"[cited {work.accessed:%Y %b} {work.accessed.day}]"
    date = stopped(joined(work.year or "[date unknown]", cited))
    if work.is_article and publisher:
        what = joined(stopped(work.title), f"{publisher} [Internet].", date)
    else:
        imprint = joined(publisher, date, between="; ")
        what = joined(f"{work.title} [Internet].", imprint)
    return joined(names, what, f"Available from: {work.url}")


STYLES = {
    "APA": apa,
    "MLA": mla,
    "Chicago": chicago,
    "Harvard": harvard,
    "Vancouver": vancouver,
}


# Authors


def apa_names(names: list[str]) -> str:
    if len(names) > 20:
        return f"{', '.join(names[:19])}, . . . {names[-1]}"
    return joined(", ".join(names[:-1]), *names[-1:], between=", & ")


def mla_names(authors: list[Author]) -> str:
    if not authors:
        return ""
    if len(authors) > 2:
        return f"{authors[0].inverted}, et al."
    return in_a_row(authors)


def chicago_names(authors: list[Author]) -> str:
    if len(authors) > 10:
        names = [authors[0].inverted, *[one.name for one in authors[1:7]]]
        return f"{', '.join(names)}, et al."
    return in_a_row(authors)


def in_a_row(authors: list[Author]) -> str:
    """The first one by family name; only then is there a comma between two."""
    names = [one.inverted for one in authors[:1]]
    names += [one.name for one in authors[1:]]
    is_bare_pair = len(authors) == 2 and authors[0].given is None
    last = " and " if is_bare_pair else ", and "
    return joined(", ".join(names[:-1]), *names[-1:], between=last)


def harvard_names(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} {italic('et al.')}"
    return joined(", ".join(names[:-1]), *names[-1:], between=" and ")


def vancouver_names(authors: list[Author]) -> str:
    """A semicolon parts an organisation from its neighbours."""
    text = ""
    for number, one in enumerate(authors[:6]):
        if number:
            text += ", " if one.is_person and authors[number - 1].is_person else "; "
        text += short(one, mark="", between="", comma="")
    return f"{text}, et al" if len(authors) > 6 else text


def short(one: Author, mark: str = ".", between: str = " ", comma: str = ",") -> str:
    """The family name with initials; any other name whole."""
    if one.given is None:
        return one.inverted
    return joined(f"{one.family}{comma}", initials(one.given, mark, between))


def given_names(text: str) -> list | str:
    """
    Given names as the parts of each: hyphen, first letter, rest.

    They stay a text in scripts without capitals, such as Arabic and Chinese.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if any(unicodedata.category(c) == "Lo" for c in text):
            return text
    return WORD.findall(text)


def initials(given: list | str, mark: str, between: str) -> str:
    """The first letters of given names, and particles such as "van" as they are."""
    if isinstance(given, str):
        return given
    parts = []
    for hyphen, first, rest in given:
        if first.islower():
            parts.append(f" {first}{rest}")
        else:
            parts.append(("-" if hyphen and mark else between) + first + mark)
    return "".join(parts).strip(" -")


# Pieces


def quoted_or_italic(work: Work) -> str:
    return (
        f"“{stopped(work.title)}”" if work.is_article else stopped(italic(work.title))
    )


def italic(text: str) -> str:
    return f"{ITALIC}{text}{ROMAN}"


def plain(text: str) -> str:
    return text.replace(ITALIC, "").replace(ROMAN, "")


def stopped(text: str) -> str:
    """With a full stop, unless it is empty or ends a sentence already."""
    has_end = text.rstrip(CLOSING).endswith(ENDS)
    return text if has_end or not text else f"{text}."


def joined(*parts: str, between: str = " ") -> str:
    return between.join(filter(None, parts))
