"""
Processes that take part in long work, and end with the one that started them.

Nothing of Django is imported before it has been set up.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread


def pool(count):
    return ProcessPoolExecutor(count, get_context("spawn"), initializer=begin)


def begin():
    import django

    django.setup()
    Thread(target=watch, args=[os.getppid()], daemon=True).start()


def watch(parent):
    # One that was killed leaves its helpers waiting for work for ever.
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
