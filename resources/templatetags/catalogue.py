"""What templates of the catalogue cannot say by themselves."""

import re
from pathlib import PurePosixPath
from zlib import crc32

from django import template
from django.urls import reverse
from django.utils import formats
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from .. import languages
from ..search import marks

register = template.Library()

# Raw HTML is shown as text and dangerous link schemes are refused; pictures would
# come from other hosts.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
TONES = 6


@register.filter
def number(value):
    """A count with its thousands apart, as the language of the page writes it."""
    return formats.number_format(value, use_l10n=True, force_grouping=True)


@register.simple_tag
def counter(page):
    """How much of the list is shown: "Displaying 31 - 38 of 38"."""
    total = page.paginator.count
    first, last = page.start_index(), page.end_index()
    if total == 0:
        return _("No resources to display")
    if total == 1:
        return _("Displaying 1 resource")
    if first == last:
        text = _("Displaying %(last)s of %(total)s")
    else:
        text = _("Displaying %(first)s - %(last)s of %(total)s")
    return text % {"first": number(first), "last": number(last), "total": number(total)}


@register.filter
def opening(text, limit=280):
    """The beginning of a text, cut after a sentence if one ends late enough."""
    if len(text) <= limit:
        return text
    start = text[:limit]
    ends = [m.end() for m in re.finditer(r"[.!?؟。…](?=\s)", start)]
    if ends and ends[-1] > limit * 0.6:
        return start[: ends[-1]]
    words, _space, _rest = start.rpartition(" ")
    return (words if len(words) > limit * 0.6 else start).rstrip(" ,;:،") + "…"


@register.simple_tag
def marked(text, language, stems, limit=None):
    """
    A text with the words that were looked for in <mark>, everything else escaped.

    With a limit, the stretch of it that holds most of them.
    """
    found = marks.spans(text, language, stems) if stems else []
    if limit and not found:
        return opening(text, limit)
    start, end = marks.window(text, found, limit) if limit else (0, len(text))
    parts, at = ["…" if start else ""], start
    for first, last in found:
        if start <= first and last <= end:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last])]
            parts.append("</mark>")
            at = last
    parts += [escape(text[at:end]), "…" if end < len(text) else ""]
    return mark_safe("".join(parts))


@register.filter
def markdown(text):
    """A description as HTML. Its highest headings stand below the title."""
    tokens = MARKDOWN.parse(text)
    headings = [token for token in tokens if token.type.startswith("heading_")]
    highest = min((int(token.tag[1]) for token in headings), default=0)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - highest + 2, 6)}"
    return mark_safe(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


@register.simple_tag
def speaks(language):
    """The attributes of text in this language, where the page speaks another."""
    if language == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', language, languages.direction(language))


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """The address of another page of the list that is shown."""
    asked = context.get("asked")
    if asked is not None:
        query = asked.address(page=number)
    else:
        query = f"page={number}" if number > 1 else ""
    return f"{context['request'].path}?{query}" if query else context["request"].path


@register.simple_tag
def list_url(query):
    return (
        f"{reverse('resources:list')}?{query}" if query else reverse("resources:list")
    )


@register.inclusion_tag("includes/years.html")
def years_chart(years):
    """A small bar for each year with resources, and the same in words."""
    if len(years) < 2:
        return {}
    first, last, most = min(years), max(years), max(years.values())
    bars = []
    for year, count in years.items():
        height = max(round(40 * count / most), 2)
        bars.append(((year - first) * 4, (40 - height, height), f"{year}: {count}"))
    busiest = max(years, key=lambda year: (years[year], year))
    text = _("Resources by year, %(first)s to %(last)s; most in %(busiest)s (%(most)s)")
    return {
        "bars": bars,
        "bar": 3,
        "width": (last - first) * 4 + 3,
        "first": first,
        "last": last,
        "text": text
        % {"first": first, "last": last, "busiest": busiest, "most": number(most)},
    }


@register.inclusion_tag("includes/cover.html")
def cover(resource, sizes, is_first=False, alt=None, is_preview=False, widest=None):
    """
    The cover of a resource, or a made one.

    `sizes` as in HTML; `is_first` for what shows without scrolling. `alt` replaces
    the alternative text: "" where the title stands beside it. Nothing wider than
    `widest` is offered, whatever the density of the screen.
    """
    renditions = [
        (
            reverse("admin:resources_resource_cover", args=[resource.pk, file_name])
            if is_preview
            else reverse("cover", args=[resource.pk, file_name]),
            rendition,
        )
        for rendition in resource.covers
        if not widest or rendition.width <= widest
        for file_name in [PurePosixPath(rendition.name).name]
    ]
    # The middle one suits browsers that do not know srcset.
    return {
        "resource": resource,
        "renditions": renditions,
        "fallback": renditions[min(1, len(renditions) - 1)] if renditions else None,
        "sizes": sizes,
        "is_first": is_first,
        "alt": resource.cover_alt if alt is None else alt,
        "tone": crc32(str(resource.programme_id or resource.type_id).encode()) % TONES,
    }
