"""
What the catalogue holds: resources, the people behind them, and the vocabularies.

Terms follow Dublin Core where it has a word for them: title, description,
publisher, language, type.
"""

from .changes import Change, Epoch
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
from .resources import EARLIEST_YEAR, LATEST_YEAR, Authorship, Resource
from .vocabularies import Contributor, Country, Programme, Region, ResourceType, Theme

__all__ = [
    "EARLIEST_YEAR",
    "LATEST_YEAR",
    "Authorship",
    "Change",
    "Contributor",
    "Country",
    "Epoch",
    "Job",
    "Programme",
    "Region",
    "Resource",
    "ResourceType",
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
