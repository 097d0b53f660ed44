"""The order of the middleware, and the language of a request."""

import pytest
from django.conf import settings


def test_the_middleware_is_in_the_standard_order():
    """https://docs.djangoproject.com/en/5.2/ref/middleware/#middleware-ordering"""
    # Ours stand where Django has LocaleMiddleware and LoginRequiredMiddleware.
    assert settings.MIDDLEWARE == [
        "idiaspora.health.health",
        "idiaspora.monitoring.observe",
        "idiaspora.page_cache.page_cache",
        "idiaspora.middleware.security_headers",
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


@pytest.mark.parametrize(
    "path, language",
    [
        ("/about/", "en"),
        ("/ar/about/", "ar"),
        ("/fr/nowhere/", "fr"),
        ("/de/about/", "en"),
        ("/oai?verb=Identify", "en"),
    ],
)
def test_the_path_alone_decides_the_language(client, db, path, language):
    client.cookies["django_language"] = "es"
    response = client.get(path, headers={"accept-language": "es"})
    assert response["Content-Language"] == language
    assert "Accept-Language" not in response.get("Vary", "")
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_unknown_host_is_refused_before_a_redirect_to_https(
    client, db, settings, scheme
):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(
        "/fr/about/", headers={"host": "evil.example"}, secure=scheme == "https"
    )
    assert response.status_code == 400 and "evil.example" not in response.text


def test_static_files_and_redirects_have_security_headers(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    for response in [client.get("/about/"), client.get("/resources", secure=True)]:
        assert response.status_code == 301
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"
