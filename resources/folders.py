"""What can be said of a folder before it is used. Nothing of Django is imported."""

import os
import shutil


def nearest(folder):
    """Return a folder, or the one in which it would have to be made first."""
    # Not Path.exists(), which raises an error below a folder that is closed to us.
    while not os.path.exists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def is_writable(folder):
    """Whether files can be written in a folder, which may have to be made first."""
    folder = nearest(folder)
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def free_bytes(folder):
    return shutil.disk_usage(nearest(folder)).free
