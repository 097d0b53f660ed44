"""
Settings of the catalogue: one file, read from the environment.

README.md has the table of variables. Without LOCAL or DEBUG the site is a real
one: it needs a SECRET_KEY and its host names, and is served over HTTPS only. Values
that cannot be right are refused, all of them at once, one line for each.
"""

import re
import secrets
from importlib.util import find_spec
from logging import getLevelNamesMapping
from os import environ
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

# What is wrong with the environment, in sentences; raised at the end of this file.
errors = []


def is_on(name):
    return environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def listed(name):
    return [part.strip() for part in environ.get(name, "").split(",") if part.strip()]


def whole_number(name, default):
    value = environ.get(name) or default
    try:
        number = int(value)
    except ValueError:
        errors.append(f"{name} must be a whole number, not {value!r}.")
        return default
    if number < 0:
        errors.append(f"{name} must not be less than 0, as {number} is.")
    return number


DEBUG = is_on("DEBUG")
LOCAL = is_on("LOCAL") or DEBUG

# Everything the site writes apart from covers: database, secret, collected files.
DATA_DIR = Path(environ.get("DATA_DIR") or BASE_DIR / "var")


def local_secret():
    """A key of this checkout's own, kept so that a restart signs nobody out."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = environ.get("SECRET_KEY") or (local_secret() if LOCAL else "")
if not SECRET_KEY:
    errors.append("Set SECRET_KEY to a long random text (see README.md).")

ALLOWED_HOSTS = listed("ALLOWED_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]"] if LOCAL else []
)
errors += [
    f"ALLOWED_HOSTS must hold host names like library.example.org, not {host!r}."
    for host in ALLOWED_HOSTS
    if "/" in host
]


def site_url():
    """
    Return the address that pages, feeds and citations name the site by, or "".

    Without the variable it is that of the first host name; on a local run there is
    none, and the address of each request is used.
    """
    url = environ.get("SITE_URL", "").strip().rstrip("/").lower()
    if not url:
        named = [host for host in ALLOWED_HOSTS if not host.startswith(("*", "."))]
        return "" if LOCAL or not named else f"https://{named[0]}"
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", url):
        errors.append(
            f"SITE_URL must be like https://library.example.org, not {url!r}."
        )
    return url


# Other names of the site redirect to it.
SITE_URL = site_url()
if SITE_URL and (host := urlsplit(SITE_URL).hostname) not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(host)
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

# How many proxies of ours stand before the site: as many addresses at the end of
# X-Forwarded-For can be believed. None, and the header is not looked at.
PROXIES = whole_number("PROXIES", 0)


# Application

INSTALLED_APPS = [
    "axes",
    "resources",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
]

# Django's own, in the order that its documentation recommends, and ours.
MIDDLEWARE = [
    "idiaspora.middleware.rate_limit_headers",
    "idiaspora.page_cache.page_cache",
    "idiaspora.middleware.security_headers",
    "idiaspora.middleware.one_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "idiaspora.middleware.language_from_path",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "idiaspora.middleware.StaffByDefault",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "idiaspora.urls"
WSGI_APPLICATION = "idiaspora.wsgi.application"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
]

TEMPLATES = [
    {
        # The admin.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
    # The public pages: one engine for each language, named after it.
    *(
        {
            "BACKEND": "django.template.backends.jinja2.Jinja2",
            "NAME": code,
            "DIRS": [BASE_DIR / "templates" / "public"],
            "OPTIONS": {
                "environment": "idiaspora.jinja2.environment",
                "language": code,
            },
        }
        for code, _name in LANGUAGES
    ),
]

SITE_NAME = environ.get("SITE_NAME") or "iDiaspora Resources"
CONTACT_EMAIL = environ.get("CONTACT_EMAIL", "")


# Database

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
    "CONN_MAX_AGE": None,
}


def database(url):
    """
    Return Django's settings for sqlite:///path or postgresql://…

    Raises ValueError for other addresses.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return SQLITE | {"NAME": unquote(parts.path[1:])}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("DATABASE_URL must start with sqlite:/// or postgresql://.")
    options = dict(parse_qsl(parts.query))
    # The host may be a folder, the one of the server's socket: "?host=/run/…".
    host = options.pop("host", None) or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options
        | {"options": "-c statement_timeout=30s -c lock_timeout=10s"},
    }


DATABASES = {"default": SQLITE | {"NAME": DATA_DIR / "db.sqlite3"}}
if environ.get("DATABASE_URL"):
    try:
        DATABASES["default"] = database(environ["DATABASE_URL"])
    except ValueError as error:
        errors.append(str(error))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]


# Whole public pages: in each process, or in Redis for several machines

PAGE_CACHE = environ.get("PAGE_CACHE") != "0"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
if environ.get("CACHE_URL"):
    if not environ["CACHE_URL"].startswith(("redis://", "rediss://", "unix://")):
        errors.append("CACHE_URL must start with redis://, rediss:// or unix://.")
    if not find_spec("redis"):
        errors.append("CACHE_URL needs the package redis: pip install redis.")
    CACHES["default"] = CACHES["pages"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environ["CACHE_URL"],
        "TIMEOUT": 24 * 60 * 60,
    }

# Tokens a second that each address gets for what is dear to answer; see limits.py.
RATE_LIMIT = whole_number("RATE_LIMIT", 5)


# The search index: a copy that each machine makes for itself
INDEX_DIR = Path(environ.get("INDEX_DIR") or DATA_DIR / "index")


# Signing in

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",  # noqa: E501 one name
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

# Five failures of one account from one address close that pair for a quarter of an
# hour. The pair, so that nobody can lock a curator out from somewhere else.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "resources.pages.errors.locked_out"
AXES_CLIENT_IP_CALLABLE = "resources.limits.client_address"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False


# Languages

LOCALE_PATHS = [BASE_DIR / "idiaspora" / "locale"]
TIME_ZONE = environ.get("TIME_ZONE") or "UTC"
if TIME_ZONE not in available_timezones():
    errors.append(f"TIME_ZONE must be a name like Africa/Nairobi, not {TIME_ZONE!r}.")
USE_TZ = True


# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = Path(environ.get("MEDIA_ROOT") or BASE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
FILE_UPLOAD_HANDLERS = ["resources.files.covers.UploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o644
# Uploads are held in memory, so only a few at a time.
DATA_UPLOAD_MAX_NUMBER_FILES = 5


# Safety

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = whole_number("HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# Logging: to standard error, where the service manager finds it

LOG_LEVEL = (environ.get("LOG_LEVEL") or "WARNING").upper()
if LOG_LEVEL not in getLevelNamesMapping():
    errors.append(
        f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL!r}."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}


if errors:
    raise ImproperlyConfigured("\n".join(errors))
