"""The parameters of the list of the API that say which resources it has."""

from ...filters.programs import ProgramFilter


class ApiFilter(ProgramFilter):
    """The same filters as everywhere."""
