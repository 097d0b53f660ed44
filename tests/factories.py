"""Rows for tests: valid, published, and of no interest apart from what is named."""

from itertools import count

from resources.models import (
    Contributor,
    Programme,
    Resource,
    ResourceType,
    Role,
    Theme,
)

Status = Resource.Status
numbers = count(1)
# Countries of the fixture "geography".
COUNTRIES = {"SO": "Somalia", "FI": "Finland", "GH": "Ghana"}
# On all that belongs to what nobody may see.
MARK = "ZQXJKV"
# Texts that break formats which do not take care.
HOSTILE = [
    '=HYPERLINK("https://evil.example","x")',
    "'=1+1",
    "''quoted'' \"twice\"",
    "+49 | -1 @home \\ end\\",
    "\t\r\nER  - \r\nTY  - BOOK\r\nline\u2028breaks\u0085here",
    "\x1b[31mcontrol\x08\x0b\x0c\x7f characters\ufffe",
    "</script><script>alert(1)</script> ]]> &amp; <b>",
    "} , title = {x} } @book{y, {{{ %$#_~^ \\textbf{z} \\",
    "e\u0301\u0300 lone \u0301 accents\u00a0: «\u202fx\u202f»",
    "\u202eعنوان \u2066abc",
    "🏳️‍🌈 📚 題名。",
    "{{ 7*7 }}{% debug %} ${7*7} %(name)s",
    "x" * 280,
    "Smith and Jones, Inc., and others",
]


def cover(alt, name="abcdef"):
    """The fields of a cover, of which there is no file."""
    return {
        "cover": f"covers/{name}-960.webp",
        "cover_width": 960,
        "cover_height": 1280,
        "cover_alt": alt,
    }


def make_term(model, name):
    return model.objects.get_or_create(
        slug=name.lower().replace(" ", "-").replace("/", ""), defaults={"name": name}
    )[0]


def make_contributor(name, kind=Contributor.Kind.PERSON):
    return Contributor.objects.get_or_create(name=name, defaults={"kind": kind})[0]


def make_resource(
    *,
    authors=(),
    editors=(),
    translators=(),
    contributors=(),
    funders=(),
    shared_by=(),
    themes=(),
    type="Report",
    programme=None,
    publisher=None,
    **fields,
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
        "status": Status.PUBLISHED,
        "type": make_term(ResourceType, type),
        "programme": make_term(Programme, programme) if programme else None,
        "publisher": make_contributor(publisher) if publisher else None,
    }
    resource = Resource.objects.create(**values | fields)
    people = {
        Role.AUTHOR: authors,
        Role.EDITOR: editors,
        Role.TRANSLATOR: translators,
        Role.CONTRIBUTOR: contributors,
        Role.FUNDER: funders,
        Role.SHARED_BY: shared_by,
    }
    entries = [(role, name) for role, names in people.items() for name in names]
    for position, (role, name) in enumerate(entries, 1):
        contributor = make_contributor(name)
        resource.contributions.create(
            contributor=contributor, role=role, position=position
        )
    resource.themes.set([make_term(Theme, name) for name in themes])
    for name, rows in links.items():
        getattr(resource, name).set(rows)
    return resource


def credited(resource):
    """Return all who have a part in a resource, in the order of the credit line."""
    return [one.contributor for one in resource.contributions.all()]


def make_hostile_resources():
    """Every text of them is hostile, and so are those that belong to them."""
    for n, text in enumerate(HOSTILE):
        resource = make_resource(
            title=text,
            summary=text,
            description=text,
            source_url=f"https://example.org/{n}?a={{b}}&c=%20_~#^",
            doi=f"10.1234/({n})_<a>;b#{{c}}",
            themes=[f"Theme {n}"],
            authors=[text, f"{n} {text}"[:300]],
            programme=f"Programme {n}",
            publisher=f"{text} {n}"[:300],
            type=["Book", "Journal article", "Report", "Video"][n % 4],
            year=2000 + n if n % 3 else None,
            **cover(text[:300], "abc"),
        )
        resource.themes.update(name=text[:200])
    Contributor.objects.filter(pk__in=Contributor.objects.all()[:9]).update(
        kind=Contributor.Kind.ORGANISATION
    )


def make_hidden_resources():
    """Marked drafts and withdrawn resources; the public one beside them."""
    for status in [
        Status.DRAFT,
        Status.REVIEW,
        Status.WITHDRAWN,
    ]:
        make_resource(
            title=f"{MARK} {status}",
            summary=f"{MARK} summary",
            description=f"{MARK} description",
            status=status,
            withdrawn_reason=f"{MARK} reason" if status == Status.WITHDRAWN else "",
            programme=f"{MARK} programme",
            themes=[f"{MARK} theme"],
            authors=[f"{MARK} author"],
            publisher=f"{MARK} publisher",
            type=f"{MARK} type",
            language="tlh",
            **cover(f"{MARK} cover", "ffffffff"),
        )
    shared = make_resource(programme="MIDA", themes=["Health"], authors=["Ada"])
    # Drafts that share the vocabulary of a public resource.
    for status in [Status.DRAFT, Status.WITHDRAWN]:
        make_resource(
            title=f"{MARK} shared",
            status=status,
            withdrawn_reason=f"{MARK} reason" if status == Status.WITHDRAWN else "",
            programme="MIDA",
            themes=["Health"],
            authors=["Ada"],
            language="en",
        )
    return shared
