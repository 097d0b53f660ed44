"""What templates of the catalogue cannot say by themselves."""

from functools import partial

from django import template
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from .. import fragments
from ..texts import number, opening

register = template.Library()

# Raw HTML is shown as text and dangerous link schemes are refused; pictures would
# come from other hosts.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")

register.filter(number)
register.filter(opening)


class SameNode(template.Node):
    """Renders its content once for each language of the process."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.made = {}

    def render(self, context):
        key = get_language(), context["site_name"]
        if key not in self.made:
            self.made[key] = self.nodelist.render(context)
        return self.made[key]


@register.tag
def same(parser, token):
    """
    {% same %}…{% endsame %} around what is the same on every page of a language.

    What stands inside may not depend on the request.
    """
    nodelist = parser.parse(["endsame"])
    parser.delete_first_token()
    return SameNode(nodelist)


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
    return mark_safe(fragments.speaks(language))


@register.simple_tag(takes_context=True)
def page_url(context, number):
    """The address of another page of the list that is shown."""
    asked = context.get("asked")
    if asked is not None:
        query = asked.address(page=number)
    else:
        query = f"page={number}" if number > 1 else ""
    return f"{context['request'].path}?{query}" if query else context["request"].path


@register.simple_tag(takes_context=True)
def pager(context, page):
    return mark_safe(fragments.pager(page, partial(page_url, context)))


@register.simple_tag
def list_url(query):
    return (
        f"{reverse('resources:list')}?{query}" if query else reverse("resources:list")
    )


@register.simple_tag
def cover(resource, sizes, **options):
    return mark_safe(fragments.cover(resource, sizes, **options))


@register.simple_tag
def cards(resources, stems=()):
    """The cards of a list; two of them show without scrolling."""
    made = [
        fragments.card(resource, is_first=place < 2, stems=stems)
        for place, resource in enumerate(resources)
    ]
    return mark_safe("".join(made))


@register.simple_tag
def alternates(languages, origin):
    return mark_safe(fragments.alternates(languages, origin))


@register.simple_tag
def tongues(languages):
    return mark_safe(fragments.tongues(languages))


@register.simple_tag
def book(resource, is_first=False, shared=()):
    return mark_safe(fragments.book(resource, is_first, shared))


@register.simple_tag
def along(feed, query):
    return mark_safe(fragments.along(feed, query))
