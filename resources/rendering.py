"""Public pages from templates, without what Django does for all kinds of pages."""

from copy import copy
from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.template import Context, NodeList, engines
from django.template.loader_tags import BlockNode, ExtendsNode

from .context import site


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
    template.nodelist = NodeList(nodes(template.nodelist, {}, template.engine))
    return template


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
