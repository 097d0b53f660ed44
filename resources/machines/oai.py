"""
OAI-PMH 2.0: how libraries and search engines copy the catalogue, and keep up with it.

https://www.openarchives.org/OAI/openarchivesprotocol.html

What is listed is the last change of each resource that is or was public, in the order
in which the changes came. So a record that changes while somebody harvests moves to
the end and is met there again: nothing is lost. A token holds the id of the change a
page ended with. Its row stays in the log for ever, so the token does as well, and the
next page starts behind it whatever has come or gone, at the same cost as the first.

A change is dated before its transaction ends. Whoever came between the two and comes
back later for all since then would miss it. But all that is yet to appear is dated
after what the log shows (see changes.py); hence responseDate, from which harvesters
ask on, is the time of the last change in the log, or, when that is long ago, ten
minutes before now, which no transaction takes.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse, QueryDict
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from .. import changes, limits
from ..addresses import origin
from ..formats import dublin_core, mods
from ..formats.xml import escape
from ..models import Change, Programme, Resource, ResourceType, Theme
from ..public import too_many
from ..records import outlines, whole

PER_PAGE = 100
FEW = 5000
LONGEST_TRANSACTION = timedelta(minutes=10)

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/'
    ' http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)


class Format(NamedTuple):
    schema: str
    namespace: str
    element: object


FORMATS = {
    "oai_dc": Format(
        "http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        "http://www.openarchives.org/OAI/2.0/oai_dc/",
        dublin_core.element,
    ),
    "mods": Format(mods.SCHEMA, mods.NAMESPACE, mods.element),
}


class Vocabulary(NamedTuple):
    """Its terms are sets, and inside of one that is named after it."""

    name: str
    model: type
    field: str


VOCABULARIES = {
    "programme": Vocabulary("Programmes", Programme, "programme"),
    "type": Vocabulary("Types", ResourceType, "type"),
    "theme": Vocabulary("Themes", Theme, "themes"),
}

WORD = r"[A-Za-z0-9\-_.!~*'()]+"
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?"
# What the schema of the protocol lets an argument look like.
SYNTAX = {
    "metadataPrefix": re.compile(WORD),
    "from": re.compile(DATE),
    "until": re.compile(DATE),
    "set": re.compile(f"{WORD}(:{WORD})*"),
}


class Refused(Exception):
    """An error of the protocol: its code, and a sentence for people."""

    def __init__(self, code, text):
        self.code = code
        self.text = text


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request):
    """
    One address for all questions; errors of the protocol come with status 200.

    They are not kept: each page of a harvest is large and asked for once, and would
    push out the pages that people read.
    """
    last = getattr(request, "catalogue", None) or changes.last()
    echoed = {}
    try:
        verb, asked = read(arguments(request))
        if verb in {"ListRecords", "ListIdentifiers"}:
            limits.spend(request, limits.LIST)
        echoed = {"verb": verb} | asked
        inside = VERBS[verb].answer(Harvest(request, verb, asked, last))
        body = f"<{verb}>{inside}</{verb}>"
    except Refused as refused:
        if refused.code in {"badVerb", "badArgument"}:
            echoed = {}
        body = f'<error code="{refused.code}">{escape(refused.text)}</error>'
    except limits.TooMany as problem:
        return too_many(request, problem)
    attributes = "".join(f' {name}="{escape(text)}"' for name, text in echoed.items())
    response = HttpResponse(
        f"{HEAD}<responseDate>{stamp(complete_until(last))}</responseDate>\n"
        f"<request{attributes}>{escape(base_url(request))}</request>\n"
        f"{body}\n</OAI-PMH>\n",
        content_type="text/xml; charset=utf-8",
    )
    response.is_public, response.is_cacheable = True, False
    return response


# What was asked


@dataclass
class Harvest:
    """One question, understood."""

    request: object
    verb: str
    asked: dict
    last: changes.Last

    @cached_property
    def host(self):
        return split_domain_port(self.request.get_host())[0]

    @cached_property
    def prefix(self):
        """What stands before the number of a resource in its identifier."""
        return f"oai:{self.host}:"

    @property
    def format(self):
        return format_of(self.asked["metadataPrefix"])


def arguments(request):
    """What came with the request; nothing when it cannot be read."""
    try:
        if request.method != "POST":
            return request.GET
        if request.content_type == "application/x-www-form-urlencoded":
            return request.POST
    except (BadRequest, SuspiciousOperation):
        pass
    return QueryDict()


def read(data):
    """The verb and its arguments."""
    verbs = data.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        raise Refused("badVerb", f"Name one verb: {', '.join(VERBS)}.")
    [verb] = verbs
    _answer, required, optional = VERBS[verb]
    asked = {}
    for name, values in data.lists():
        if name == "verb":
            continue
        if name not in required | optional:
            raise bad_argument(f"{verb} takes no argument {name[:50]}.")
        if len(values) > 1:
            raise bad_argument(f"{name} is given more than once.")
        [asked[name]] = values
        if name in SYNTAX and not SYNTAX[name].fullmatch(values[0]):
            raise bad_argument(f"{name} is not written as the protocol says.")
    if "resumptionToken" in asked:
        if len(asked) > 1:
            raise bad_argument("resumptionToken stands alone.")
    elif missing := required - asked.keys():
        raise bad_argument(f"{verb} needs {', '.join(sorted(missing))}.")
    return verb, asked


def bad_argument(text):
    return Refused("badArgument", text)


def format_of(prefix):
    if prefix not in FORMATS:
        raise Refused(
            "cannotDisseminateFormat", f"There are these: {', '.join(FORMATS)}."
        )
    return FORMATS[prefix]


def time_of(text):
    try:
        return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise bad_argument("There is no such date.") from None


# The six verbs


def identify(harvest):
    first = Change.objects.order_by("pk").values_list("at", flat=True).first()
    # Mail to this account arrives wherever mail does: RFC 2142.
    email = settings.CONTACT_EMAIL or f"postmaster@{harvest.host}"
    return (
        f"<repositoryName>{escape(settings.SITE_NAME)}</repositoryName>"
        f"<baseURL>{escape(base_url(harvest.request))}</baseURL>"
        "<protocolVersion>2.0</protocolVersion>"
        f"<adminEmail>{escape(email)}</adminEmail>"
        f"<earliestDatestamp>{stamp(first or timezone.now())}</earliestDatestamp>"
        "<deletedRecord>persistent</deletedRecord>"
        "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity>"
    )


def list_metadata_formats(harvest):
    if "identifier" in harvest.asked:
        row = find(harvest)
        if not Resource.objects.published().filter(pk=row.resource_id).exists():
            raise Refused("noMetadataFormats", "This record is deleted.")
    return "".join(
        f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix>"
        f"<schema>{format.schema}</schema>"
        f"<metadataNamespace>{format.namespace}</metadataNamespace></metadataFormat>"
        for prefix, format in FORMATS.items()
    )


def list_sets(harvest):
    if "resumptionToken" in harvest.asked:
        raise Refused("badResumptionToken", "The list of sets has no further page.")
    found = sets(harvest.last.pk)
    if not found:
        raise Refused("noSetHierarchy", "Nothing is public, so there are no sets.")
    return "".join(
        f"<set><setSpec>{escape(spec)}</setSpec><setName>{escape(name)}</setName></set>"
        for spec, name in found.items()
    )


def get_record(harvest):
    format = harvest.format
    return records(harvest, format, [find(harvest)])


def list_identifiers(harvest):
    page = Page.of(harvest)
    format_of(page.prefix)
    rows, token = page.rows(harvest)
    return headers(harvest, rows) + token


def list_records(harvest):
    page = Page.of(harvest)
    format = format_of(page.prefix)
    rows, token = page.rows(harvest)
    return records(harvest, format, rows) + token


class Verb(NamedTuple):
    answer: object
    required: set
    optional: set


LISTED = {"from", "until", "set", "resumptionToken"}
VERBS = {
    "Identify": Verb(identify, set(), set()),
    "ListMetadataFormats": Verb(list_metadata_formats, set(), {"identifier"}),
    "ListSets": Verb(list_sets, set(), {"resumptionToken"}),
    "GetRecord": Verb(get_record, {"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": Verb(list_identifiers, {"metadataPrefix"}, LISTED),
    "ListRecords": Verb(list_records, {"metadataPrefix"}, LISTED),
}


# Pages of a list


class Row(NamedTuple):
    """The last change of one resource."""

    pk: int
    at: datetime
    resource_id: int


class Page(NamedTuple):
    """Which part of which list: this is what a token says."""

    prefix: str
    start: str = ""
    until: str = ""
    set: str = ""
    # The change the page before ended with, and how many records came before.
    after: int = 0
    cursor: int = 0

    @classmethod
    def of(cls, harvest):
        asked = harvest.asked
        if "resumptionToken" in asked:
            return cls(*unsigned(harvest.verb, asked["resumptionToken"]))
        page = cls(
            asked["metadataPrefix"],
            asked.get("from", ""),
            asked.get("until", ""),
            asked.get("set", ""),
        )
        if page.start and page.until:
            if len(page.start) != len(page.until):
                raise bad_argument("from and until have different granularities.")
            if time_of(page.start) > time_of(page.until):
                raise bad_argument("from is later than until.")
        return page

    def rows(self, harvest):
        """The changes on this page, and the token for the next one as XML."""
        listed = last_changes().order_by("at", "pk")
        listed = listed.filter(*self.members(), **self.dates())
        # One more than is shown tells whether this is the end.
        if self.after:
            rows = behind(listed, self.after, PER_PAGE + 1)
        else:
            rows = list(listed[: PER_PAGE + 1])
        if not rows:
            if self.after and not Change.objects.filter(pk=self.after).exists():
                raise bad_token()
            # With a token as well: all that was left has changed since, and is dated
            # after the end of this list.
            raise Refused("noRecordsMatch", "No record matches.")
        rows = [Row(*row) for row in rows]
        token = ""
        if len(rows) > PER_PAGE:
            rows = rows[:PER_PAGE]
            following = self._replace(after=rows[-1].pk, cursor=self.cursor + len(rows))
            token = signer(harvest.verb).sign_object(following)
        if token or self.cursor:
            token = f'<resumptionToken cursor="{self.cursor}">{token}</resumptionToken>'
        return rows, token

    def dates(self):
        """
        From and until as they are meant: both to the end of their second or day.

        SQLite compares times as text, and ours have fractions of varying length: a
        whole second, which is written without one, stands before all of them.
        """
        found = {}
        if self.start:
            found["at__gte"] = time_of(self.start)
        if self.until:
            length = timedelta(seconds=1) if "T" in self.until else timedelta(days=1)
            try:
                found["at__lt"] = time_of(self.until) + length
            except OverflowError:
                pass  # the last second there is
        return found

    def members(self):
        """
        Those of a set. Deleted ones stay in theirs, or its harvesters would not hear.
        """
        kind, colon, slug = self.set.partition(":")
        if not kind:
            return []
        if kind not in VOCABULARIES:
            raise Refused("noRecordsMatch", "There is no such set.")
        terms = VOCABULARIES[kind].model.objects.order_by()
        if colon:
            terms = terms.filter(slug=slug)
        ids = terms.values("resources")
        # Large sets are met often enough on the way through all changes; small ones
        # are put in order for each page. SQLite would do one or the other for both.
        if ids[: FEW + 1].count() > FEW:
            return [Exists(terms.filter(resources=OuterRef("resource")))]
        return [Q(resource__in=ids)]


def last_changes():
    return Change.objects.filter(is_last=True).values_list("pk", "at", "resource_id")


def behind(listed, pk, count):
    """
    The rows of a list after the one with this id.

    In two steps, since many may be of one moment: a condition on both columns with
    an "or" would pass by all of these again for every page.
    """
    at = Change.objects.filter(pk=pk).values("at")[:1]
    rows = list(listed.filter(at=at, pk__gt=pk)[:count])
    if len(rows) < count:
        rows += listed.filter(at__gt=at)[: count - len(rows)]
    return rows


def signer(verb):
    return Signer(salt=f"oai-1-{verb}")


def unsigned(verb, token):
    try:
        return signer(verb).unsign_object(token)
    except (BadSignature, ValueError):
        raise bad_token() from None


def bad_token():
    return Refused("badResumptionToken", "This token is not one of ours.")


def find(harvest):
    """The last change of the resource that was asked for."""
    identifier = harvest.asked["identifier"]
    number = identifier.removeprefix(harvest.prefix)
    if identifier != number and re.fullmatch(r"[1-9][0-9]{0,17}", number):
        for row in last_changes().filter(resource=int(number)):
            return Row(*row)
    raise Refused("idDoesNotExist", "There is no record with this identifier.")


# Records


def records(harvest, format, rows):
    found = whole(ids_of(rows), version_of(harvest, rows))
    site = origin(harvest.request)
    parts = []
    for head, resource in with_headers(harvest, rows, found):
        metadata = (
            f"<metadata>{format.element(resource, site)}</metadata>" if resource else ""
        )
        parts.append(f"<record>{head}{metadata}</record>\n")
    return "".join(parts)


def headers(harvest, rows):
    found = outlines(ids_of(rows), version_of(harvest, rows))
    return "".join(f"{head}\n" for head, _ in with_headers(harvest, rows, found))


def with_headers(harvest, rows, found):
    """The header of each row, and its resource unless that is withdrawn."""
    rows_gone = [row for row in rows if row.resource_id not in found]
    gone, known = {}, {}
    if rows_gone:
        version = version_of(harvest, rows)
        gone = outlines(ids_of(rows_gone), version, withdrawn=True)
        known = sets(version)
    for row in rows:
        resource = found.get(row.resource_id)
        if resource:
            status, member_of = "", specs(resource)
        else:
            # What no public record has any more is nobody's business.
            was = gone.get(row.resource_id)
            status = ' status="deleted"'
            member_of = [spec for spec in specs(was) if spec in known] if was else []
        inside = "".join(f"<setSpec>{escape(spec)}</setSpec>" for spec in member_of)
        yield (
            f"<header{status}><identifier>{harvest.prefix}{row.resource_id}</identifier>"
            f"<datestamp>{stamp(row.at)}</datestamp>{inside}</header>",
            resource,
        )


def ids_of(rows):
    return [row.resource_id for row in rows]


def version_of(harvest, rows):
    """
    How new the names of terms have to be.

    A term may have been renamed since the log was looked at: its records are met with
    their new dates already, and would never be asked for again.
    """
    return max(harvest.last.pk, *(row.pk for row in rows))


def specs(resource):
    """The sets a record is in; that it is in those around them goes without saying."""
    found = [f"type:{resource.type.slug}"]
    if resource.programme:
        found.append(f"programme:{resource.programme.slug}")
    return found + [f"theme:{theme.slug}" for theme in resource.themes.all()]


# Sets


def sets(version):
    """The names of the sets, by what stands for them: terms of public records only."""
    # What an open transaction sees may yet be undone, and its version used again.
    return read_sets() if connection.in_atomic_block else sets_at(version)


@lru_cache(maxsize=1)
def sets_at(version):
    return read_sets()


def read_sets():
    found = {}
    for kind, (name, model, field) in VOCABULARIES.items():
        public = Resource.objects.published().filter(**{field: OuterRef("pk")})
        terms = model.objects.filter(Exists(public)).order_by("slug")
        terms = terms.values_list("slug", "name")
        if terms:
            found[kind] = name
        found |= {f"{kind}:{slug}": name for slug, name in terms}
    return found


# Times and addresses


def stamp(at):
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def complete_until(last):
    """Nothing dated earlier will yet appear; see above."""
    now = timezone.now()
    return min(now, max(last.at, now - LONGEST_TRANSACTION))


def base_url(request):
    return origin(request) + reverse("machines:oai")
