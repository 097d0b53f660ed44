"""
Changes of many records, each with its version: at once, or in the background.

A job is a row that says what to do with which records and how far it has come. A worker
(`manage.py worker`) does it in batches, each one transaction that holds the records,
their versions and the progress; so a worker that is killed leaves nothing half done,
and another goes on where it ended.
"""

from .actions import ACTIONS, change, title
from .starting import SMALL, start
from .workers import is_working, waiting

__all__ = ["ACTIONS", "SMALL", "change", "is_working", "start", "title", "waiting"]
