"""What can go wrong with backups, in a sentence."""

import signal
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError

from resources.backup import BackupError


@contextmanager
def failures_told(failure):
    """Raise CommandError, a sentence that begins with `failure`, if anything fails."""
    # `systemctl stop` ends a command as Ctrl-C does: with everything tidied up.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except BackupError as error:
        raise CommandError(f"{failure}. {error}") from None
    except OSError as error:
        name = f": {error.filename}" if error.filename else ""
        raise CommandError(f"{failure}. {error.strerror or error}{name}.") from None
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(f"{failure}. The database says: {reason}") from None
    except KeyboardInterrupt:
        raise CommandError(f"{failure}. It was stopped.") from None
    finally:
        signal.signal(signal.SIGTERM, before)
