"""Logs for programs: each record is one line of JSON."""

import json
import logging
from datetime import UTC, datetime


class JsonFormatter(logging.Formatter):
    """`fields`, passed to a logger in `extra`, stand beside the message."""

    def format(self, record):
        at = datetime.fromtimestamp(record.created, UTC)
        entry = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry |= getattr(record, "fields", {})
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
