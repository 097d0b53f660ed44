"""How the database answers, while there is no index: the same filters and orders."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Replace, Upper

from ..models import CREATORS, Contribution, sort_key
from ..models.identifiers import isbn_spellings
from ..search.analysis import STOP_WORDS, words
from ..search.parsing import MOST_TEXT, PART
from ..search.query import MOST_WORDS
from ..search.schema import YEAR_BITS, newness, parts_of_newness, year_key

# Where the values of each filter stand; a resource has a value that any of them holds.
PATHS = {
    "programme": ["programme__slug"],
    "region": [
        "regions__slug",
        "countries_of_origin__region__slug",
        "countries_of_residence__region__slug",
    ],
    "country": ["countries_of_origin", "countries_of_residence"],
    "country_of_origin": ["countries_of_origin"],
    "country_of_residence": ["countries_of_residence"],
    "theme": ["themes__slug"],
    "type": ["type__slug"],
    "language": ["language"],
    "author": ["contributions__contributor"],
    "publisher": ["publisher"],
}

# What else holds of a row that has a value.
NARROWED = {"author": {"contributions__role__in": CREATORS}}

# As the index orders them; without it nothing is ranked.
ORDERS = {
    "best": ["-published_at", "-pk"],
    "newest": ["-published_at", "-pk"],
    "title": ["sort_title", "pk"],
    "year": [Coalesce("year", 0).desc(), "-pk"],
    "-newest": ["published_at", "pk"],
    "-title": ["-sort_title", "-pk"],
    "-year": [Coalesce("year", 0).asc(), "pk"],
}
# The number in an order, of orders that have one: what the keys of pages are made of.
KEYS = {
    "newest": lambda pk, published_at, year: newness(published_at, pk),
    "year": lambda pk, published_at, year: year_key(year, pk),
}
KEYS |= {f"-{order}": key for order, key in KEYS.items()}
MILLISECOND = timedelta(milliseconds=1)


def having(facet, values, resources, vocabularies):
    """Return the condition to be one of the resources with any of these values."""
    if PATHS[facet][0].startswith("countries"):
        values = [value.upper() for value in values]
    elif facet == "region":
        regions = vocabularies.terms["region"]
        around = vocabularies.regions_around
        values = [one for one in regions if not set(values).isdisjoint(around(one))]
    condition = Q()
    for path in PATHS[facet]:
        # Joins would repeat a resource that has several of the values.
        conditions = {f"{path}__in": values, **NARROWED.get(facet, {})}
        rows = resources.order_by().filter(**conditions)
        condition |= Q(pk__in=rows.values("pk"))
    return condition


def behind(resources, order, key):
    """Return the resources that come behind a key in an order."""
    is_rising = order.startswith("-")
    beyond = "gt" if is_rising else "lt"
    if order.endswith("year"):
        year, pk = divmod(key, 1 << YEAR_BITS)
        resources = resources.alias(known_year=Coalesce("year", 0))
        same = Q(known_year=year) & Q((f"pk__{beyond}", pk))
        return resources.filter(Q((f"known_year__{beyond}", year)) | same)
    milliseconds, pk = parts_of_newness(key)
    at = datetime.fromtimestamp(0, UTC) + MILLISECOND * milliseconds
    end = at + MILLISECOND
    same = Q(published_at__gte=at, published_at__lt=end) & Q((f"pk__{beyond}", pk))
    others = Q(published_at__gte=end) if is_rising else Q(published_at__lt=at)
    return resources.filter(others | same)


def identified(name, value, resources):
    """Return the condition to have an identifier, given in its one spelling."""
    if name == "doi":
        return Q(doi__iexact=value)
    if name == "isbn":
        bare = Replace(Replace(Upper("isbn"), Value("-")), Value(" "))
        rows = resources.order_by().alias(bare=bare)
        return Q(pk__in=rows.filter(bare__in=isbn_spellings(value)).values("pk"))
    spellings = {value, quote(value, safe="/:;(),.@!$&'*+=~-_?%")}
    return Q(
        source_url__in=[
            f"{scheme}://{spelling}{end}"
            for scheme in ["http", "https"]
            for spelling in spellings
            for end in ["", "/"]
        ]
    )


def values_of(facet, resources, vocabularies):
    """Return the values of a facet that the resources of a queryset have."""
    found = set()
    for path in PATHS[facet]:
        rows = resources.order_by().filter(**NARROWED.get(facet, {}))
        rows = rows.values_list(path, flat=True)
        found.update(rows.exclude(**{path: None}).distinct())
    if facet == "country":
        return {code.lower() for code in found}
    if facet == "region":
        return {one for slug in found for one in vocabularies.regions_around(slug)}
    return set(map(str, found))


def mentions(text):
    """
    Return the condition that a resource has every word of a text.

    Words and phrases may stand in the title, the summary or the name of a contributor,
    inside of longer words too. What a minus precedes must not stand there.
    """
    wanted, unwanted, ignored = {}, {}, {}
    for part in PART.finditer(text[:MOST_TEXT]):
        scope, typed = (part["scope"] or "").lower(), part["phrase"] or part["plain"]
        found = words(typed or "")
        if part["minus"] and found:
            unwanted["", typed] = True
        elif part["phrase"] and found:
            wanted[scope, typed] = True
        else:
            for word in found:
                is_ignored = word.form in STOP_WORDS and not scope
                pieces = ignored if is_ignored else wanted
                pieces[scope, typed[word.start : word.end]] = True
    if text and not (wanted or unwanted or ignored):
        return Q(pk__in=[])
    condition = Q()
    for scope, piece in list(wanted or ignored)[:MOST_WORDS]:
        condition &= contains(piece, scope)
    for scope, piece in list(unwanted)[:MOST_WORDS]:
        condition &= ~contains(piece, scope)
    return condition


def contains(piece, scope=""):
    """Return the condition that a word or phrase stands in the fields of a scope."""
    # SQLite takes capitals for small letters only where they are ASCII.
    spellings = {piece, piece.lower(), piece.upper(), piece.capitalize()}
    if piece.isascii():
        spellings = {piece}
    title, summary, name = Q(), Q(), Q()
    for spelling in spellings:
        title |= Q(title__icontains=spelling)
        summary |= Q(summary__icontains=spelling)
        name |= Q(contributor__name__icontains=spelling)
    if key := sort_key(piece):
        title |= Q(sort_title__contains=key)
    rows = Contribution.objects.filter(name)
    if scope == "author":
        return Q(pk__in=rows.filter(role__in=CREATORS).values("resource"))
    named = Q(pk__in=rows.values("resource"))
    return title if scope == "title" else title | summary | named
