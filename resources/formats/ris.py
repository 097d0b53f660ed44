"""
RIS, which reference managers read; one line for each value.

https://en.wikipedia.org/wiki/RIS_(file_format)
"""

from collections.abc import Iterable, Iterator

from .values import ARTICLES, doi_url, inverted, line, permanent_url

NAME = "RIS"
CONTENT_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"

TYPES = {
    "article": "MGZN",
    "book": "BOOK",
    "brochure": "PAMP",
    "course": "GEN",
    "dataset": "DATA",
    "handbook": "BOOK",
    "journal-article": "JOUR",
    "map": "MAP",
    "newsletter": "NEWS",
    "other": "GEN",
    "video": "VIDEO",
}


def render(resources: Iterable, origin: str) -> Iterator[str]:
    for resource in resources:
        lines = [f"{tag}  - {value}\r\n" for tag, value in tags(resource, origin)]
        yield "".join([*lines, "ER  - \r\n\r\n"])


def tags(resource, origin: str) -> Iterator[tuple[str, str]]:
    publisher = line(resource.publisher.name) if resource.publisher else ""
    in_article = resource.type.slug in ARTICLES
    values = [
        ("TY", TYPES.get(resource.type.slug, "RPRT")),
        ("ID", str(resource.pk)),
        *[("AU", inverted(contributor)) for contributor in resource.credits],
        ("TI", line(resource.title)),
        ("T2" if in_article else "PB", publisher),
        ("PY", str(resource.year or "")),
        ("AB", line(resource.summary)),
        *[("KW", line(theme.name)) for theme in resource.themes.all()],
        ("LA", resource.language),
        ("M3", line(resource.type.name)),
        ("SN", line(resource.isbn)),
        ("DO", line(resource.doi)),
        ("UR", permanent_url(resource, origin)),
        ("L2", line(resource.source_url) or doi_url(resource)),
    ]
    return ((tag, value) for tag, value in values if value)
