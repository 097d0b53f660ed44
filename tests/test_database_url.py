"""DATABASE_URL, and what is said about a wrong one."""

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper

from idiaspora.database_url import database


@pytest.mark.parametrize(
    "url, expected",
    [
        (
            "postgresql://ada:p%40ss%2Fw%3Ard@db.example.org:5433/library",
            ["ada", "p@ss/w:rd", "db.example.org", "5433", "library"],
        ),
        ("postgres://db/library", ["", "", "db", "", "library"]),
        (
            "postgresql:///library?host=/run/postgresql",
            ["", "", "/run/postgresql", "", "library"],
        ),
        (
            "postgresql://ada@%2Frun%2Fpostgresql/library",
            ["ada", "", "/run/postgresql", "", "library"],
        ),
        (
            "postgresql:///?host=db&user=ada&password=p%23w&port=5433&dbname=library",
            ["ada", "p#w", "db", "5433", "library"],
        ),
        (
            "postgresql://ada:100%25%23@db/library",
            ["ada", "100%#", "db", "", "library"],
        ),
    ],
)
def test_address_of_a_postgresql_server(url, expected):
    found = database(url)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    names = ["USER", "PASSWORD", "HOST", "PORT", "NAME"]
    assert [found[name] for name in names] == expected


def test_options_of_a_postgresql_server():
    options = database("postgresql://db/library?sslmode=verify-full")["OPTIONS"]
    assert options["sslmode"] == "verify-full" and options["connect_timeout"] == "10"
    assert "statement_timeout=30s" in options["options"]


def test_options_of_the_address_come_after_ours():
    url = "postgresql://db/library?options=-c%20statement_timeout%3D5min&connect_timeout=3"
    found = database(url)
    assert found["OPTIONS"]["options"] == (
        "-c statement_timeout=30s -c lock_timeout=10s -c statement_timeout=5min"
    )
    assert found["OPTIONS"]["connect_timeout"] == "3"
    settings = found | {"TIME_ZONE": None, "TEST": {}, "AUTOCOMMIT": True}
    params = DatabaseWrapper(settings).get_connection_params()
    assert params["dbname"] == "library" and params["connect_timeout"] == "3"


def test_unknown_options_are_refused():
    with pytest.raises(ValueError, match="'sslmood', which libpq does not know"):
        database("postgresql://db/library?sslmood=require")


@pytest.mark.parametrize("character", "%#/?[] ")
def test_a_password_that_is_not_encoded_is_explained_and_never_shown(character):
    url = f"postgresql://ada:hun{character}ter2@db.example.org/library"
    with pytest.raises(ValueError, match="%25 for %") as raised:
        database(url)
    assert "hun" not in str(raised.value) and "ter2" not in str(raised.value)


@pytest.mark.parametrize("url", ["postgresql://db", "postgresql://db/"])
def test_an_address_without_a_database(url):
    with pytest.raises(ValueError, match="name of the database"):
        database(url)


def test_address_of_an_sqlite_file():
    assert database("sqlite:////srv/my%20library.db")["NAME"] == "/srv/my library.db"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///library.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://srv/library.db",
        "sqlite:////srv/library.db?mode=ro",
    ],
)
def test_an_sqlite_file_has_a_whole_path(url):
    with pytest.raises(ValueError, match="sqlite:////srv/library.sqlite3"):
        database(url)


def test_a_folder_is_no_sqlite_file(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        database(f"sqlite:///{tmp_path}")


def test_other_databases_are_refused():
    with pytest.raises(ValueError, match="postgresql://"):
        database("mysql://db/library")
