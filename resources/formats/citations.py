"""
How to cite a record, in five styles; they end with its permanent address.

A style is a function from a Work to one text, in which control characters mark what
is in italics and what is the address. line() has removed them from everything else.
The catalogue does not know places of publication, so none is named.
"""

import os.path
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from ..documents import Contributor, Document
from .values import ARTICLES, doi_url, inverted, line, page_range

ITALIC, ADDRESS, END = "\x02", "\x04", "\x03"
MARKS = re.compile(f"[{ITALIC}{ADDRESS}{END}]")
# A mark, if there is one, and the text up to the next mark.
PIECE = re.compile(f"([{ITALIC}{ADDRESS}]?)([^{ITALIC}{ADDRESS}{END}]+)")
CLOSING = f"{END}\"'”’»"
ENDS = (".", "?", "!", "…", "؟", "۔", "。", "？", "！", "।")
# APA names in brackets what is not simply a text.
MEDIA = {"dataset": "[Data set]", "map": "[Map]", "video": "[Video]"}
# A letter and the rest of its word, perhaps with the hyphen before it.
WORD = re.compile(r"([-‐‑]?)([^\W\d_])([\w'’]*)")
# https://www.ncbi.nlm.nih.gov/books/NBK7282/#A32657: what Vancouver writes of "III".
RANKS = {"II": "2nd", "III": "3rd", "IV": "4th"}


class Part(NamedTuple):
    """A piece of a citation. An address is written from left to right."""

    text: str
    is_italic: bool
    is_url: bool


class Citation(NamedTuple):
    """A citation in the style of this name."""

    name: str
    parts: list[Part]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


class Author(NamedTuple):
    """The name of an author in the forms that citations need."""

    name: str
    family: str
    # What given_names() returns, or None where the name stays whole.
    given: list | str | None
    inverted: str
    is_person: bool
    suffix: str


def author(contributor: Contributor) -> Author:
    given = contributor.given
    return Author(
        name=line(contributor.name),
        family=line(contributor.family),
        given=given_names(line(given)) if given else None,
        inverted=inverted(contributor),
        is_person=contributor.is_person,
        suffix=line(contributor.suffix),
    )


class Work(NamedTuple):
    """What a citation is made of; texts are empty where nothing is known."""

    authors: list[Author]
    year: str
    title: str
    publisher: str
    published_by_author: bool
    is_article: bool
    volume: str
    issue: str
    # The first and the last page. The last may be empty.
    pages: tuple[str, str]
    medium: str
    url: str
    has_doi: bool
    accessed: date | None


def citations(
    document: Document, url: str, accessed: date | None = None
) -> list[Citation]:
    """
    Return the citation in each style, with the DOI or else with this address.

    Harvard and Vancouver name the day on which the address was visited, if it is
    given.
    """
    publisher = document.publisher
    is_article = document.type.slug in ARTICLES
    name = line(publisher.name) if publisher else ""
    work = Work(
        authors=[author(one) for one in document.authors],
        year=str(document.year or ""),
        title=line(document.title),
        publisher=italic(name) if name and is_article else name,
        published_by_author=publisher in document.authors,
        is_article=is_article,
        volume=line(document.volume) if is_article else "",
        issue=line(document.issue) if is_article else "",
        pages=page_range(document) if is_article else ("", ""),
        medium=MEDIA.get(document.type.slug, ""),
        url=f"{ADDRESS}{doi_url(document) or url}{END}",
        has_doi=bool(document.doi),
        accessed=accessed,
    )
    return [Citation(name, parts(style(work))) for name, style in STYLES.items()]


def parts(marked: str) -> list[Part]:
    """Return the pieces of what a style returned."""
    return [
        Part(text, is_italic=mark == ITALIC, is_url=mark == ADDRESS)
        for mark, text in PIECE.findall(marked)
    ]


# The styles


def apa(work: Work) -> str:
    """https://apastyle.apa.org/style-grammar-guidelines/references"""
    title = work.title if work.is_article else italic(work.title)
    title = stopped(joined(title, work.medium))
    year = f"({work.year or 'n.d.'})."
    names = stopped(apa_names([short(one) for one in work.authors]))
    start = joined(names, year, title) if names else joined(title, year)
    publisher = "" if work.published_by_author else work.publisher
    volume = italic(work.volume) if work.volume else ""
    facts = [publisher, volume + bracketed(work.issue), pages(work)]
    return joined(start, stopped(joined(*facts, between=", ")), work.url)


def mla(work: Work) -> str:
    """https://style.mla.org/works-cited/citations-by-format/"""
    # An only author that is the publisher too is named once, as the publisher.
    is_publisher = work.published_by_author and len(work.authors) == 1
    names = "" if is_publisher else stopped(mla_names(work.authors))
    volume = f"vol. {work.volume}" if work.volume else ""
    issue = f"no. {work.issue}" if work.issue else ""
    where = numbered_pages(work, shortened_for_mla)
    facts = [work.publisher, volume, issue, work.year, where, work.url]
    return joined(names, quoted_or_italic(work), f"{joined(*facts, between=', ')}.")


def chicago(work: Work) -> str:
    """The bibliography form of https://www.chicagomanualofstyle.org"""
    names = stopped(chicago_names(work.authors))
    year, where = work.year or "n.d.", pages(work, shortened_for_chicago)
    issue = f"no. {work.issue}" if work.issue else ""
    if work.volume or work.issue:
        journal = joined(work.publisher, work.volume)
        facts = f"{joined(journal, issue, between=', ')} ({year})"
        facts = joined(facts, where, between=": ")
    else:
        facts = joined(work.publisher, year, where, between=", ")
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
    visited = ""
    if work.accessed and not work.has_doi:
        visited = f" (Accessed: {work.accessed.day} {work.accessed:%B %Y})"
    facts = [work.publisher, work.volume + bracketed(work.issue), numbered_pages(work)]
    facts = stopped(joined(*facts, between=", "))
    return joined(start, facts, f"Available at: {work.url}{visited}.")


def vancouver(work: Work) -> str:
    """https://www.ncbi.nlm.nih.gov/books/NBK7256/"""
    names = stopped(vancouver_names(work.authors))
    publisher = plain(work.publisher)
    cited = ""
    if work.accessed:
        cited = f"[cited {work.accessed:%Y %b} {work.accessed.day}]"
    date = joined(work.year or "[date unknown]", cited)
    if work.is_article and publisher:
        volume = work.volume + bracketed(work.issue)
        where = joined(volume, pages(work, shortened_for_vancouver, "-"), between=":")
        date = stopped(joined(date, where, between=";" if volume else ":"))
        what = joined(stopped(work.title), f"{publisher} [Internet].", date)
    else:
        imprint = joined(publisher, stopped(date), between="; ")
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
    return listed(authors)


def chicago_names(authors: list[Author]) -> str:
    if len(authors) > 10:
        names = [authors[0].inverted, *[one.name for one in authors[1:7]]]
        return f"{', '.join(names)}, et al."
    return listed(authors)


def listed(authors: list[Author]) -> str:
    """Return all names, the first with its family name first."""
    names = [one.inverted for one in authors[:1]]
    names += [one.name for one in authors[1:]]
    # "Lovelace, Ada, and Charles Babbage" but "IOM and UNDP".
    is_pair_of_whole_names = len(authors) == 2 and authors[0].given is None
    last = " and " if is_pair_of_whole_names else ", and "
    return joined(", ".join(names[:-1]), *names[-1:], between=last)


def harvard_names(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} {italic('et al.')}"
    return joined(", ".join(names[:-1]), *names[-1:], between=" and ")


def vancouver_names(authors: list[Author]) -> str:
    """Return names with semicolons around organisations."""
    text = ""
    for number, one in enumerate(authors[:6]):
        if number:
            text += ", " if one.is_person and authors[number - 1].is_person else "; "
        text += joined(short(one, mark="", between="", comma=""), rank(one))
    return f"{text}, et al" if len(authors) > 6 else text


def short(one: Author, mark: str = ".", between: str = " ", comma: str = ",") -> str:
    """Return the family name with initials, and any other name whole."""
    if one.given is None:
        return one.inverted
    name = joined(f"{one.family}{comma}", initials(one.given, mark, between))
    return joined(name, one.suffix if comma else "", between=", ")


def rank(one: Author) -> str:
    """Return "Jr" for "Jr." and "3rd" for "III"."""
    return RANKS.get(one.suffix, one.suffix.rstrip("."))


def given_names(text: str) -> list | str:
    """
    Return the parts of each given name: hyphen, first letter, rest.

    Names in scripts without capitals, such as Arabic and Chinese, are returned whole.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if any(unicodedata.category(c) == "Lo" for c in text):
            return text
    return WORD.findall(text)


def initials(given: list | str, mark: str, between: str) -> str:
    """Return the initials of given names, and particles such as "van" as they are."""
    if isinstance(given, str):
        return given
    parts = []
    for hyphen, first, rest in given:
        if first.islower() and not hyphen:
            parts.append(f" {first}{rest}")
        else:
            start = "-" if hyphen and mark else between
            parts.append(start + first.upper() + mark)
    return "".join(parts).strip(" -")


# Pages


def pages(work: Work, shortened: Callable | None = None, dash: str = "–") -> str:
    """Return "15–27", or the only page; some styles shorten the last one."""
    first, last = work.pages
    if shortened and first.isdigit() and last.isdigit():
        last = shortened(first, last)
    return joined(first, last, between=dash)


def numbered_pages(work: Work, shortened: Callable | None = None) -> str:
    """Return the same with "pp.", or "p."; with neither before what is not a number."""
    text, (first, last) = pages(work, shortened), work.pages
    if last:
        return f"pp. {text}"
    return f"p. {text}" if first.isdigit() else text


def without_common_start(first: str, last: str, least: int) -> str:
    """Return at least so many digits of a page: those that the first has not."""
    if len(first) != len(last):
        return last
    same = len(os.path.commonprefix([first, last]))
    return last[min(same, max(len(last) - least, 0)) :]


def shortened_for_vancouver(first: str, last: str) -> str:
    """284-7: https://www.ncbi.nlm.nih.gov/books/NBK7282/"""
    return without_common_start(first, last, 1)


def shortened_for_mla(first: str, last: str) -> str:
    """103–04: two digits at least."""
    return without_common_start(first, last, 2)


def shortened_for_chicago(first: str, last: str) -> str:
    """100–104, 107–8, 321–28: section 9.61 of the 17th edition."""
    if len(first) < 3 or first.endswith("00"):
        return last
    return without_common_start(first, last, 1 if first[-2] == "0" else 2)


# Pieces


def bracketed(text: str) -> str:
    return f"({text})" if text else ""


def quoted_or_italic(work: Work) -> str:
    return (
        f"“{stopped(work.title)}”" if work.is_article else stopped(italic(work.title))
    )


def italic(text: str) -> str:
    return f"{ITALIC}{text}{END}"


def plain(text: str) -> str:
    return MARKS.sub("", text)


def stopped(text: str) -> str:
    """Return a text with a full stop, unless it is empty or ends a sentence."""
    has_end = text.rstrip(CLOSING).endswith(ENDS)
    return text if has_end or not text else f"{text}."


def joined(*parts: str, between: str = " ") -> str:
    return between.join(filter(None, parts))
