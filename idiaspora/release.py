"""Which release of the site this is, told by the contents of its files."""

from hashlib import sha256
from pathlib import Path

FOLDERS = ["idiaspora", "resources", "templates", "static"]
# Packages change pages as well.
FILES = ["requirements.txt"]


def fingerprint(base_dir, *settings):
    """
    Return ten digits that differ when a file of the site or a setting differs.

    File times are left out: the same release gives the same digits on all machines.
    """
    digest = sha256(repr(settings).encode())
    for path in sorted(files(Path(base_dir))):
        digest.update(f"{path.relative_to(base_dir)}\0".encode())
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:10]


def files(base_dir):
    for folder in FOLDERS:
        for path in (base_dir / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
    yield from (base_dir / name for name in FILES)
