"""Rows for tests: valid, published, and of no interest apart from what is named."""

from itertools import count

from resources.models import Contributor, Programme, Resource, ResourceType, Theme

numbers = count(1)


def make_term(model, name):
    return model.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name}
    )[0]


def make_contributor(name, kind=Contributor.Kind.PERSON):
    return Contributor.objects.get_or_create(name=name, defaults={"kind": kind})[0]


def make_resource(
    *, authors=(), themes=(), type="Report", programme=None, publisher=None, **fields
):
    """Names stand for the authors, themes and so on that bear them."""
    links = {
        name: fields.pop(name, ())
        for name in ["regions", "countries_of_origin", "countries_of_residence"]
    }
    values = {
        "title": f"Resource {next(numbers)}",
        "summary": "What it is about.",
        "language": "en",
        "status": Resource.Status.PUBLISHED,
        "type": make_term(ResourceType, type),
        "programme": make_term(Programme, programme) if programme else None,
        "publisher": make_contributor(publisher) if publisher else None,
    }
    resource = Resource.objects.create(**values | fields)
    for position, name in enumerate(authors, 1):
        resource.authorships.create(
            contributor=make_contributor(name), position=position
        )
    resource.themes.set([make_term(Theme, name) for name in themes])
    for name, rows in links.items():
        getattr(resource, name).set(rows)
    return resource
