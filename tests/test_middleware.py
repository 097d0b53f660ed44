"""The order of the middleware, and the language of a request."""

import pytest
from django.conf import settings


def test_the_middleware_is_in_the_standard_order():
    """https://docs.djangoproject.com/en/5.2/ref/middleware/#middleware-ordering"""
    # Ours stand where Django has LocaleMiddleware and LoginRequiredMiddleware.
    assert settings.MIDDLEWARE == [
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


SITE = "https://library.example.org"


@pytest.fixture
def site(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["library.example.org", "old.example.org"]


@pytest.mark.parametrize("path", ["/resources/?q=a&page=2", "/fr/about/", "/admin/"])
@pytest.mark.parametrize("host", ["old.example.org", "library.example.org:8443"])
def test_other_names_of_the_site_redirect_to_its_address(client, db, site, host, path):
    response = client.get(path, headers={"host": host}, secure=True)
    assert response.status_code == 301 and response["Location"] == SITE + path
    assert "Content-Security-Policy" in response


def test_what_is_posted_is_not_redirected(client, db, site):
    response = client.post("/oai", headers={"host": "old.example.org"}, secure=True)
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/resources/",
        "/oai?verb=Identify",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        "/resources/feed/",
        "/robots.txt",
        "/sitemap.xml",
        "/opensearch.xml",
        "/api/resources/",
        "/api/openapi.json",
        "/resources.ris",
        "/api/resources.jsonl",
    ],
)
def test_addresses_of_the_site_do_not_follow_the_host_header(
    client, make_resource, settings, path
):
    make_resource(authors=["Ada"])
    settings.SITE_URL = SITE
    # The name that the test client uses stands for any that a proxy may pass on.
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if not name.endswith("one_address")
    ]
    text = b"".join(client.get(path)).decode()
    assert "testserver" not in text
    assert "library.example.org" in text


def test_the_record_page_names_the_site_by_its_address(client, make_resource, site):
    resource = make_resource(authors=["Ada"])
    for path in [resource.get_absolute_url(), f"/resources/{resource.pk}.linkset.json"]:
        response = client.get(
            path, headers={"host": "library.example.org"}, secure=True
        )
        assert response.status_code == 200
        assert f"{SITE}{resource.permanent_path}" in response.text


@pytest.mark.parametrize("path", ["/fr//evil.example/", "//evil.example/", "/ar///x"])
def test_links_to_other_languages_stay_on_the_site(client, db, path):
    response = client.get(path)
    assert 'href="//' not in response.text
