"""
Settings of the catalogue: one file, read from the environment (environment.py).

README.md has the table of variables. Without LOCAL or DEBUG the site is a real
one: it needs a SECRET_KEY and its host names, and is served over HTTPS only. Values
that cannot be right are refused, all of them at once, one line for each.
"""

import re
import secrets
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from resources.folders import is_writable

from .cache import OPTIONS as CACHE_OPTIONS
from .cache import is_redis_url
from .database_url import SQLITE, database
from .environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
# What is wrong with the environment, in sentences; raised at the end of this file.
errors = env.errors

DEBUG = env.is_on("DEBUG")
LOCAL = env.is_on("LOCAL") or DEBUG

# Everything the site writes apart from covers: database, secret, collected files.
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")


def local_secret():
    """A key of this checkout's own, kept so that a restart signs nobody out."""
    path = DATA_DIR / "secret-key"
    try:
        if not path.exists():
            # The database in it is for nobody else on the machine.
            DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text()
    except OSError as error:
        errors.append(f"The secret key cannot be kept in {path} ({error.strerror}).")
        return "unusable"


SECRET_KEY = env.text("SECRET_KEY") or (local_secret() if LOCAL else "")
if not SECRET_KEY:
    errors.append("Set SECRET_KEY to a long random text (see README.md).")

ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS") or (
    ["localhost", "127.0.0.1", "[::1]"] if LOCAL else []
)
HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]", re.I | re.ASCII)
errors += [
    f"ALLOWED_HOSTS must hold host names like library.example.org, not {host!r}."
    for host in ALLOWED_HOSTS
    if not HOST.fullmatch(host)
]
CSRF_TRUSTED_ORIGINS = env.listed("CSRF_TRUSTED_ORIGINS")
errors += [
    "CSRF_TRUSTED_ORIGINS must hold origins like https://library.example.org, not "
    f"{origin!r}."
    for origin in CSRF_TRUSTED_ORIGINS
    if not re.fullmatch(r"https?://[^/?#@\s]+", origin)
]


def site_url():
    """
    Return the address that pages, feeds and citations name the site by, or "".

    Without the variable it is that of the first host name; on a local run there is
    none, and the address of each request is used.
    """
    url = env.text("SITE_URL").rstrip("/").lower()
    if not url:
        hosts = [host for host in ALLOWED_HOSTS if HOST.fullmatch(host)]
        named = [host for host in hosts if not host.startswith(("*", "."))]
        return "" if LOCAL or not named else f"https://{named[0]}"
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?", url):
        errors.append(
            f"SITE_URL must be like https://library.example.org, not {url!r}."
        )
        return ""
    return url


# Other names of the site redirect to it.
SITE_URL = site_url()
if SITE_URL and (host := urlsplit(SITE_URL).hostname) not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(host)

# How many proxies of ours stand before the site: as many addresses at the end of
# X-Forwarded-For can be believed. None, and the header is not looked at.
PROXIES = env.number("PROXIES", 0, most=100)

# What gunicorn.py takes from here: where it listens, and with how many processes.
PORT = env.number("PORT", 8000, least=1, most=65_535)
BIND = env.text("BIND", "127.0.0.1")
if not re.fullmatch(r"unix:/\S+", BIND):
    try:
        ip_address(BIND)
    except ValueError:
        errors.append(
            "BIND must be an address of this machine like 0.0.0.0, or unix:/path, not "
            f"{BIND!r}."
        )
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", 2, least=1, most=1000)


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
    "reversion",
    "django_tasks",
    "django_tasks_db",
]

# Django's own, in the order that its documentation recommends, and ours.
MIDDLEWARE = [
    "idiaspora.health.health",
    "idiaspora.monitoring.observe",
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

SITE_NAME = env.text("SITE_NAME", "iDiaspora Resources")
ORGANISATION_NAME = env.text("ORGANISATION_NAME")
ORGANISATION_URL = env.text("ORGANISATION_URL")
CONTACT_EMAIL = env.text("CONTACT_EMAIL")
if CONTACT_EMAIL and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", CONTACT_EMAIL):
    errors.append(
        f"CONTACT_EMAIL must be like library@example.org, not {CONTACT_EMAIL!r}."
    )


# Database

DATABASES = {"default": SQLITE | {"NAME": DATA_DIR / "db.sqlite3"}}
try:
    if env.text("DATABASE_URL"):
        DATABASES["default"] = database(env.text("DATABASE_URL"))
except ValueError as error:
    errors.append(str(error))
else:
    is_sqlite = DATABASES["default"]["ENGINE"] == SQLITE["ENGINE"]
    folder = Path(DATABASES["default"]["NAME"]).parent
    # Reading needs it too, as SQLite keeps files of its own beside the database.
    if is_sqlite and not is_writable(folder):
        errors.append(
            f"This account cannot write in {folder}, where the SQLite database lies. "
            "Run this as the account of the site, or set DATA_DIR."
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]


# Whole public pages: in each process, or in Redis for several machines

PAGE_CACHE = env.is_on("PAGE_CACHE", default=True)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}
CACHE_URL = env.text("CACHE_URL")
if CACHE_URL:
    if not CACHE_URL.startswith(("redis://", "rediss://", "unix://")):
        errors.append("CACHE_URL must start with redis://, rediss:// or unix://.")
    elif not find_spec("redis"):
        errors.append(
            "CACHE_URL needs redis: pip install -r requirements-optional.txt."
        )
    elif not is_redis_url(CACHE_URL):
        errors.append(
            "CACHE_URL cannot be read. Write it as redis://user:password@host:6379/0, "
            "with a percent-encoded password."
        )
    CACHES["default"] = {
        "BACKEND": "idiaspora.cache.Redis",
        "LOCATION": [CACHE_URL],
        "TIMEOUT": 24 * 60 * 60,
        "OPTIONS": CACHE_OPTIONS,
    }

# Tokens a second that each address gets for what is dear to answer; see limits.py.
RATE_LIMIT = env.number("RATE_LIMIT", 5, most=1_000_000)

# The search index: a copy that each machine makes for itself
INDEX_DIR = env.folder("INDEX_DIR", DATA_DIR / "index")

# Versions of records (resources/history), and work in the background (resources/jobs)
SERIALIZATION_MODULES = {"record": "resources.history.serializer"}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Signing in

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
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
AXES_CLIENT_IP_CALLABLE = "resources.limits.client_identity"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False


# Languages

LOCALE_PATHS = [BASE_DIR / "idiaspora" / "locale"]
FORMAT_MODULE_PATH = ["idiaspora.formats"]
TIME_ZONE = env.text("TIME_ZONE", "UTC")
if TIME_ZONE not in available_timezones():
    errors.append(f"TIME_ZONE must be a name like Africa/Nairobi, not {TIME_ZONE!r}.")
USE_TZ = True


# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = env.folder("MEDIA_ROOT", BASE_DIR / "media")
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
DATA_UPLOAD_MAX_NUMBER_FILES = 5  # They are held in memory.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000  # A form has six for each author.


# Safety

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
# How long browsers insist on HTTPS, for which names, and whether they may have the
# name in the list they come with, from which it takes months to get out again.
YEAR = 31_536_000
HSTS_SECONDS = env.number("HSTS_SECONDS", YEAR)
HSTS_SUBDOMAINS = env.is_on("HSTS_SUBDOMAINS", default=True)
HSTS_PRELOAD = env.is_on("HSTS_PRELOAD")
if HSTS_PRELOAD and not (HSTS_SUBDOMAINS and HSTS_SECONDS >= YEAR):
    errors.append(
        f"HSTS_PRELOAD needs HSTS_SUBDOMAINS=1 and HSTS_SECONDS of at least {YEAR}."
    )
# Django recommends both; here they are the choice of whoever runs the site.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if not LOCAL:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = HSTS_SECONDS
    SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS_SUBDOMAINS
    SECURE_HSTS_PRELOAD = HSTS_PRELOAD
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# Logging: to standard error, where the service manager finds it

LOG_LEVEL = env.one_of("LOG_LEVEL", ["WARNING", "DEBUG", "INFO", "ERROR", "CRITICAL"])
LOG_FORMAT = env.one_of("LOG_FORMAT", ["plain", "json"])
ACCESS_LOG = env.is_on("ACCESS_LOG")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "idiaspora.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # Pages that do not exist are a warning to Django, and nothing to act on.
        "django.request": {"level": "ERROR" if LOG_LEVEL == "WARNING" else LOG_LEVEL},
        "idiaspora.access": {"level": "INFO"},
    },
}

# Metrics for Prometheus, for whoever knows the token; without one there are none.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    errors.append("METRICS_TOKEN must have at least 16 characters.")
if METRICS_TOKEN and not find_spec("prometheus_client"):
    errors.append(
        "METRICS_TOKEN needs the package prometheus-client: "
        "pip install -r requirements-optional.txt."
    )


# Perhaps misspelled; `manage.py check` and the service say so (resources/checks.py).
UNKNOWN_VARIABLES = env.unknown()

if errors:
    raise ImproperlyConfigured("\n".join(errors))
