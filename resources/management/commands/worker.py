"""Do the jobs that take longer than a moment."""

import os
import signal
import threading
from logging import getLogger
from uuid import uuid4

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection

from resources.jobs import workers

logger = getLogger(__name__)


class Command(BaseCommand):
    help = "Do in the background what takes longer than a moment, until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument(
            "--while-running",
            type=int,
            metavar="PID",
            help="stop when this process has ended",
        )
        parser.add_argument(
            "--until-idle",
            action="store_true",
            help="stop when nothing is left to do",
        )

    def handle(self, *, while_running, until_idle, verbosity, **options):
        name = f"{os.uname().nodename[:30]}-{os.getpid()}-{uuid4().hex[:8]}"
        workers.beat(name)
        workers.take_up()
        workers.tidy()
        stop = threading.Event()
        pulse = threading.Thread(target=beat, args=[name, stop, while_running])
        pulse.daemon = True
        pulse.start()
        try:
            call_command(
                "db_worker",
                worker_id=name,
                batch=until_idle,
                reload=False,
                startup_delay=False,
                # It would log each task: of a healthy site there is nothing to say.
                verbosity=0 if verbosity == 1 else verbosity,
            )
        finally:
            stop.set()
            pulse.join()
            workers.leave(name)


def beat(name, stop, while_running):
    """Give signs of life and take up what the dead have left, until told to stop."""
    while not stop.wait(workers.BEAT):
        if while_running and not is_running(while_running):
            os.kill(os.getpid(), signal.SIGTERM)
            while_running = None
        try:
            close_old_connections()
            workers.beat(name)
            workers.take_up()
        except Error as problem:
            logger.warning("The worker cannot give a sign of life: %s", problem)
    connection.close()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
