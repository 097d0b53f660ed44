"""
The history of records: every version of resources, vocabularies and contributors.

Who writes many records, or writes past the forms, does it in one transaction with

    history.keep_state(Resource, ids)
    …
    history.write(Resource, ids, Step.Action.IMPORTED, user, why)
"""

from .pruning import cover_names, old, prune
from .registry import MODELS, register
from .versions import keep_state, of, of_record, removed, write

__all__ = [
    "MODELS",
    "cover_names",
    "keep_state",
    "of",
    "of_record",
    "old",
    "prune",
    "register",
    "removed",
    "write",
]
