"""Lists of OAI-PMH, page by page: the last changes of public resources, by time."""

from datetime import timedelta
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from ...formats import xml
from .. import change_lists
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
    # How long the whole list is; None where counting it would take long.
    size: int | None = None

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
        changes = change_lists.last_changes()
        changes = changes.filter(*sets.members(self.set), **self.dates())
        rows, has_more = change_lists.page(changes, self.after, PER_PAGE)
        if not rows:
            if self.after and not change_lists.is_known(self.after):
                raise bad_token()
            # With a token as well: all that was left has changed since, and has dates
            # after the end of this list.
            raise ProtocolError("noRecordsMatch", "No record matches.")
        if not has_more and not self.cursor:
            return rows, []
        size, token = self.size, ""
        # In a set, counting would look at the set of every record.
        if not self.cursor and not self.set:
            size = change_lists.count(changes)
        if has_more:
            token = signer(verb).sign_object(
                self._replace(
                    after=rows[-1].pk, cursor=self.cursor + PER_PAGE, size=size
                )
            )
        attributes = {"cursor": str(self.cursor)}
        # Records that changed meanwhile have come to the end, and made it longer.
        if size is not None and size >= self.cursor + len(rows):
            attributes["completeListSize"] = str(size)
        return rows, [xml.element("resumptionToken", token, **attributes)]

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
