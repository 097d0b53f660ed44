"""The site's own settings, as a local run has them, made quick for tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("LOCAL", "1")

from idiaspora.settings import *  # noqa: E402, F403 the settings are the point

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405 comes with the star above
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

INDEX_DIR = Path(tempfile.mkdtemp(prefix="index-"))
atexit.register(shutil.rmtree, INDEX_DIR, ignore_errors=True)

# The tests ask for more than any visitor; those of the limit set it themselves.
RATE_LIMIT = 0
