"""Lists of OAI-PMH, page by page: the last changes of public resources, by time."""

from datetime import timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from ...formats import xml
from ...models import Change
from . import sets
from .protocol import ProtocolError, bad_argument, parse_date

PER_PAGE = 100


class Page(NamedTuple):
    """A page of a list. A resumption token holds just these values."""

    prefix: str
    start: str = ""
    until: str = ""
    set: str = ""
    # The last change of the page before, and the number of records before this page.
    after: int = 0
    cursor: int = 0

    @classmethod
    def of(cls, harvest):
        """Return the page that a request asks for. Raises ProtocolError."""
        arguments = harvest.arguments
        if "resumptionToken" in arguments:
            return cls(*read_token(harvest.verb, arguments["resumptionToken"]))
        page = cls(
            arguments["metadataPrefix"],
            arguments.get("from", ""),
            arguments.get("until", ""),
            arguments.get("set", ""),
        )
        if page.start and page.until:
            if len(page.start) != len(page.until):
                raise bad_argument("from and until have different granularities.")
            if parse_date(page.start) > parse_date(page.until):
                raise bad_argument("from is later than until.")
        return page

    def rows(self, verb):
        """Return the changes on this page, and the elements that end it."""
        changes = last_changes().order_by("at", "pk")
        changes = changes.filter(*sets.members(self.set), **self.dates())
        # One more than is shown: whether there is one tells whether this is the end.
        if self.after:
            rows = changes_after(changes, self.after, PER_PAGE + 1)
        else:
            rows = list(changes[: PER_PAGE + 1])
        if not rows:
            if self.after and not Change.objects.filter(pk=self.after).exists():
                raise bad_token()
            # With a token as well: all that was left has changed since, and has dates
            # after the end of this list.
            raise ProtocolError("noRecordsMatch", "No record matches.")
        token = ""
        if len(rows) > PER_PAGE:
            rows = rows[:PER_PAGE]
            following = self._replace(after=rows[-1].pk, cursor=self.cursor + PER_PAGE)
            token = signer(verb).sign_object(following)
        if not token and not self.cursor:
            return rows, []
        cursor = str(self.cursor)
        return rows, [xml.element("resumptionToken", token, cursor=cursor)]

    def dates(self):
        """
        Return the conditions for from and until, which include their second or day.

        SQLite compares times as text, and ours have fractions of varying length: a
        whole second, which is written without one, comes before all of them.
        """
        conditions = {}
        if self.start:
            conditions["at__gte"] = parse_date(self.start)
        if self.until:
            length = timedelta(seconds=1) if "T" in self.until else timedelta(days=1)
            try:
                conditions["at__lt"] = parse_date(self.until) + length
            except OverflowError:
                pass  # the last second there is
        return conditions


def last_changes():
    """Return id, time and resource of the last change of each public resource."""
    rows = Change.objects.filter(is_last=True)
    return rows.values_list("pk", "at", "resource_id", named=True)


def changes_after(changes, pk, count):
    """
    Return at most so many changes of a list, from behind the one with this id on.

    In two steps, since many may be of one moment: a condition on both columns with
    an "or" would pass over all of these again for every page.
    """
    at = Change.objects.filter(pk=pk).values("at")[:1]
    rows = list(changes.filter(at=at, pk__gt=pk)[:count])
    if len(rows) < count:
        rows += changes.filter(at__gt=at)[: count - len(rows)]
    return rows


def signer(verb):
    return Signer(salt=f"oai-1-{verb}")


def read_token(verb, token):
    """Return the values of a resumption token. Raises ProtocolError."""
    try:
        return signer(verb).unsign_object(token)
    except (BadSignature, ValueError):
        raise bad_token() from None


def bad_token():
    return ProtocolError("badResumptionToken", "This token is not one of ours.")
