"""Public pages from templates, without what Django does for all kinds of pages."""

import re
from copy import copy
from functools import cache, cached_property, partial

from django.conf import settings
from django.http import HttpResponse
from django.template import Context, NodeList, engines
from django.template.base import TextNode, VariableNode
from django.template.loader_tags import BlockNode, ExtendsNode
from django.utils.safestring import SafeString

from .context import site
from .templatetags.catalogue import SameNode

NAME = re.compile(r"[a-z_]+")


def render(request, name, context=None, status=200):
    """
    As django.shortcuts.render, for pages that do not look who is asking.

    They know no user, no messages and no token of a form.
    """
    known = {"request": request, **site(request), **(context or {})}
    return HttpResponse(template(name).render(Context(known)), status=status)


def template(name):
    found = engines["django"].get_template(name).template
    # While templates are written they are read anew.
    return found if settings.DEBUG else filled(found)


@cache
def filled(template):
    """
    A template with its blocks in their places in the one it extends.

    Django finds both anew for each page, and keeps books of them for block.super,
    which costs more than all else in the frame of a page.
    """
    template = copy(template)
    template.nodelist = Parts(nodes(template.nodelist, {}, template.engine))
    return template


class Parts(NodeList):
    """Nodes, the most frequent of which are not looked at again on every page."""

    def render(self, context):
        parts = [part if type(part) is str else part(context) for part in self.all]
        return SafeString("".join(parts))

    @cached_property
    def all(self):
        return list(map(part, self))


def part(node):
    """A text, or what makes one of the context."""
    if isinstance(node, TextNode):
        return node.s
    if isinstance(node, SameNode):
        return node.render
    if isinstance(node, VariableNode) and NAME.fullmatch(node.filter_expression.token):
        return partial(of_name, node.filter_expression.token, node)
    return node.render_annotated


def of_name(name, node, context):
    """What a page knows by a name; what is HTML already need not be looked at."""
    value = context.get(name)
    return value if type(value) is SafeString else node.render_annotated(context)


def nodes(nodelist, blocks, engine):
    for node in nodelist:
        if isinstance(node, ExtendsNode):
            parent = engine.get_template(node.parent_name.resolve({}))
            yield from nodes(parent.nodelist, node.blocks | blocks, engine)
        elif isinstance(node, BlockNode):
            inside = blocks.get(node.name, node).nodelist
            yield from nodes(inside, blocks, engine)
        else:
            yield node
