"""Files that root makes in a folder of the service belong to the service."""

import os


def hand_over(path):
    """Give a new file or folder to the owner of its folder, if root made it."""
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def make_folder(path):
    """Make a folder where it is missing, and those above it."""
    if not path.exists():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        hand_over(path)
