"""The site's own settings, as a local run has them, made quick for tests."""

import os

os.environ.setdefault("LOCAL", "1")

from idiaspora.settings import *  # noqa: E402, F403 the settings are the point

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405 comes with the star above
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
