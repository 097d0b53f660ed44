"""
How to cite a record, in five styles; they end with its permanent address.

A style is a function from a Work to one text with marks; see marked.py. The catalogue
does not know places of publication, so none is named. A work without authors is cited
under its editors, and without either under its title: that its publisher wrote it too,
only a curator can say.
"""

import os.path
import re
from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from ..documents import Document
from ..models import Role
from .citation_names import (
    Author,
    apa_names,
    author,
    chicago_names,
    harvard_names,
    mla_names,
    natural,
    short,
    spoken,
    vancouver_names,
)
from .marked import (
    ADDRESS,
    END,
    ITALIC,
    bracketed,
    italic,
    joined,
    plain,
    stopped,
)
from .values import ARTICLES, doi_url, line, page_range

# A mark, if there is one, and the text up to the next mark.
PIECE = re.compile(f"([{ITALIC}{ADDRESS}]?)([^{ITALIC}{ADDRESS}{END}]+)")
# APA names in brackets what is not simply a text.
MEDIA = {"dataset": "[Data set]", "map": "[Map]", "video": "[Video]"}


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


class Work(NamedTuple):
    """What a citation is made of; texts are empty where nothing is known."""

    # Who stands at the beginning: the authors, or else the editors.
    makers: list[Author]
    is_edited: bool
    # Who else is named, after the title.
    editors: list[Author]
    translators: list[Author]
    year: str
    title: str
    publisher: str
    is_published_by_maker: bool
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
    authors, editors = document.authors, document.editors
    makers = authors or editors
    work = Work(
        makers=[author(one) for one in makers],
        is_edited=bool(editors and not authors),
        editors=[author(one) for one in editors if authors],
        translators=[author(one) for one in document.with_role(Role.TRANSLATOR)],
        year=str(document.year or ""),
        title=line(document.title),
        publisher=italic(name) if name and is_article else name,
        is_published_by_maker=publisher in makers,
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
    others = [
        f"{spoken([natural(one) for one in people], ' & ')}, {label}"
        for people, label in [
            (work.editors, "Eds." if len(work.editors) > 1 else "Ed."),
            (work.translators, "Trans."),
        ]
        if people
    ]
    title = stopped(joined(title, bracketed("; ".join(others)), work.medium))
    names = apa_names([short(one) for one in work.makers])
    if work.is_edited:
        names = joined(names, "(Eds.)" if len(work.makers) > 1 else "(Ed.)")
    publisher = "" if work.is_published_by_maker else work.publisher
    year = f"({work.year or 'n.d.'})."
    names = stopped(names)
    start = joined(names, year, title) if names else joined(title, year)
    volume = italic(work.volume) if work.volume else ""
    facts = [publisher, volume + bracketed(work.issue), pages(work)]
    return joined(start, stopped(joined(*facts, between=", ")), work.url)


def mla(work: Work) -> str:
    """https://style.mla.org/works-cited/citations-by-format/"""
    # An only author that is the publisher too is named once, as the publisher.
    is_publisher = work.is_published_by_maker and len(work.makers) == 1
    names = "" if is_publisher else mla_names(work.makers)
    if names and work.is_edited:
        names += ", editors" if len(work.makers) > 1 else ", editor"
    volume = f"vol. {work.volume}" if work.volume else ""
    issue = f"no. {work.issue}" if work.issue else ""
    where = numbered_pages(work, shortened_for_mla)
    others = capitalised(", ".join(by_others(work, is_many=3)))
    facts = [others, work.publisher, volume, issue, work.year, where, work.url]
    facts = joined(*facts, between=", ")
    return joined(stopped(names), quoted_or_italic(work), f"{facts}.")


def chicago(work: Work) -> str:
    """The bibliography form of https://www.chicagomanualofstyle.org"""
    names = chicago_names(work.makers)
    if work.is_edited:
        names += ", eds." if len(work.makers) > 1 else ", ed."
    year, where = work.year or "n.d.", pages(work, shortened_for_chicago)
    issue = f"no. {work.issue}" if work.issue else ""
    if work.volume or work.issue:
        journal = joined(work.publisher, work.volume)
        facts = f"{joined(journal, issue, between=', ')} ({year})"
        facts = joined(facts, where, between=": ")
    else:
        facts = joined(work.publisher, year, where, between=", ")
    others = [stopped(capitalised(text)) for text in by_others(work, is_many=11)]
    title = quoted_or_italic(work)
    return joined(stopped(names), title, *others, stopped(facts), f"{work.url}.")


def harvard(work: Work) -> str:
    """The form of "Cite Them Right" by Pears and Shields."""
    title = f"‘{work.title}’" if work.is_article else italic(work.title)
    year = f"({work.year or 'no date'})"
    names = harvard_names([short(one, between="") for one in work.makers])
    if work.is_edited:
        names = joined(names, "(eds)" if len(work.makers) > 1 else "(ed.)")
    others = by_others(work, is_many=4, name=natural, comma="")
    if names:
        before_periodical = work.is_article and work.publisher and not others
        title = f"{title}," if before_periodical else stopped(title)
        start = joined(names, year, title)
    else:
        start = joined(title, year if work.publisher else f"{year}.")
    others = [stopped(capitalised(text)) for text in others]
    visited = ""
    if work.accessed and not work.has_doi:
        visited = f" (Accessed: {work.accessed.day} {work.accessed:%B %Y})"
    volume = work.volume + bracketed(work.issue)
    facts = [work.publisher, volume, numbered_pages(work)]
    facts = stopped(joined(*facts, between=", "))
    return joined(start, *others, facts, f"Available at: {work.url}{visited}.")


def vancouver(work: Work) -> str:
    """https://www.ncbi.nlm.nih.gov/books/NBK7256/"""
    names = vancouver_names(work.makers)
    if work.is_edited:
        names += ", editors" if len(work.makers) > 1 else ", editor"
    others = [
        f"{vancouver_names(people)}, {label}{'s' if len(people) > 1 else ''}"
        for people, label in [
            (work.translators, "translator"),
            (work.editors, "editor"),
        ]
        if people
    ]
    others = stopped("; ".join(others))
    publisher = plain(work.publisher)
    cited = ""
    if work.accessed:
        cited = f"[cited {work.accessed:%Y %b} {work.accessed.day}]"
    date = joined(work.year or "[date unknown]", cited)
    if work.is_article and publisher:
        volume = work.volume + bracketed(work.issue)
        where = joined(volume, pages(work, shortened_for_vancouver, "-"), between=":")
        date = stopped(joined(date, where, between=";" if volume else ":"))
        what = joined(stopped(work.title), others, f"{publisher} [Internet].", date)
    else:
        imprint = joined(publisher, stopped(date), between="; ")
        what = joined(f"{work.title} [Internet].", others, imprint)
    return joined(stopped(names), what, f"Available from: {work.url}")


STYLES = {
    "APA": apa,
    "MLA": mla,
    "Chicago": chicago,
    "Harvard": harvard,
    "Vancouver": vancouver,
}


# Whom they name


def by_others(
    work: Work,
    is_many: int,
    name: Callable = attrgetter("name"),
    comma: str = ",",
) -> list[str]:
    """
    Return "edited by …" and "translated by …", as far as somebody is to be named.

    Where there are so many people, the first stands for all of them. `name` returns
    the name of one.
    """
    texts = []
    for what, people in [
        ("edited by", work.editors),
        ("translated by", work.translators),
    ]:
        if len(people) >= is_many:
            texts.append(f"{what} {name(people[0])} et al.")
        elif people:
            names = [name(one) for one in people]
            texts.append(f"{what} {spoken(names, comma=comma)}")
    return texts


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


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


def quoted_or_italic(work: Work) -> str:
    return (
        f"“{stopped(work.title)}”" if work.is_article else stopped(italic(work.title))
    )
