"""
What the catalogue holds: resources, the people behind them, and the vocabularies.

Terms follow Dublin Core where it has a word for them: title, description,
publisher, language, type.
"""

from .changes import Change, Epoch
from .contributors import CREATORS, ROLES, Contribution, Contributor, Role
from .equivalents import Equivalents
from .fields import (
    SortKeyField,
    address_end,
    address_words,
    check_doi,
    check_isbn,
    check_web_address,
    safe_web_address,
    sort_key,
)
from .history import Job, Step, Worker
from .resources import EARLIEST_YEAR, LATEST_YEAR, Resource
from .vocabularies import Country, Programme, Region, ResourceType, Theme

__all__ = [
    "CREATORS",
    "EARLIEST_YEAR",
    "LATEST_YEAR",
    "ROLES",
    "Change",
    "Contribution",
    "Contributor",
    "Country",
    "Epoch",
    "Equivalents",
    "Job",
    "Programme",
    "Region",
    "Resource",
    "ResourceType",
    "Role",
    "SortKeyField",
    "Step",
    "Theme",
    "Worker",
    "address_end",
    "address_words",
    "check_doi",
    "check_isbn",
    "check_web_address",
    "safe_web_address",
    "sort_key",
]
