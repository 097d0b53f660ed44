"""What templates of the catalogue cannot say by themselves."""

from functools import partial

from django import template
from django.utils.safestring import SafeString

from .. import addresses
from ..fragments import covers, frame, lists, record
from ..texts import number, opening

register = template.Library()

register.filter(number)
register.filter(opening)


class SameNode(template.Node):
    """Renders its content once for each language of the process."""

    def __init__(self, nodelist):
        self.nodelist = nodelist
        self.made = {}

    def render(self, context):
        key = context["language"], context["site_name"]
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


@register.simple_tag(takes_context=True)
def counter(context, page):
    return lists.counter(page, context["language"])


@register.simple_tag(takes_context=True)
def speaks(context, language):
    """The attributes of text in this language, where the page speaks another."""
    return SafeString(covers.attributes(language, context["language"]))


def page_url(context, number):
    """The address of another page of the list that is shown."""
    asked = context.get("asked")
    if asked is not None:
        query = asked.query_string(page=number)
    else:
        query = f"page={number}" if number > 1 else ""
    return f"{context['request'].path}?{query}" if query else context["request"].path


@register.simple_tag(takes_context=True)
def neighbours(context, page):
    return SafeString(lists.neighbours(page, partial(page_url, context)))


@register.simple_tag(takes_context=True)
def results(context, page, stems=()):
    """A page of a list; `feed` and `query` in the context say of which."""
    language, address = context["language"], partial(page_url, context)
    return SafeString(
        lists.results(page, language, address, stems)
        + lists.along(context["feed"], context["query"], language)
    )


@register.simple_tag(takes_context=True)
def list_url(context, query):
    return addresses.asking(addresses.of_list(context["language"]), query)


@register.simple_tag(takes_context=True)
def orders(context, asked):
    return SafeString(lists.orders(asked, context["language"]))


@register.simple_tag(takes_context=True)
def book(context, resource, is_first=False, shared=()):
    return SafeString(covers.book(resource, context["language"], is_first, shared))


@register.simple_tag(takes_context=True)
def website(context, canonical, origin):
    return SafeString(frame.website(canonical, origin, context["language"]))


@register.simple_tag(takes_context=True)
def crumbs(context, name="", address=""):
    return SafeString(frame.crumbs(context["language"], str(name), address))


@register.simple_tag(takes_context=True)
def preview(context, resource):
    shown = record.article(resource, context["language"], is_preview=True)
    return SafeString(shown)
