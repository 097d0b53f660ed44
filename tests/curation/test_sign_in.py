"""Signing in to the admin."""

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed

from resources import limits

# Signing in


@pytest.fixture
def curator(django_user_model):
    return django_user_model.objects.create_user(
        "curator", password="right-password", is_staff=True
    )


def sign_in(client, password, address="10.0.0.1", **headers):
    return client.post(
        "/admin/login/",
        {"username": "curator", "password": password, "next": "/admin/"},
        REMOTE_ADDR=address,
        headers=headers,
    )


def test_five_failures_close_the_door_for_that_address_only(client, curator):
    for _ in range(4):
        response = sign_in(client, "wrong")
        assert response.status_code == 200
    response = sign_in(client, "wrong")
    assert response.status_code == 429 and "quarter of an hour" in response.text
    assert sign_in(client, "right-password").status_code == 429
    assert sign_in(client, "right-password", address="10.0.0.2").status_code == 302


def test_forwarded_addresses_are_believed_as_far_as_there_are_proxies(
    client, curator, settings
):
    def fail(forwarded):
        return sign_in(client, "wrong", **{"x-forwarded-for": forwarded}).status_code

    # Without a proxy the header is the visitor's own invention.
    assert [fail(f"1.1.1.{n}") for n in range(5)] == [200] * 4 + [429]
    settings.PROXIES = 1
    assert [fail("2.2.2.2") for n in range(5)] == [200] * 4 + [429]
    # What stands further left is invented, too.
    assert fail("9.9.9.9, 2.2.2.2") == 429
    assert fail("2.2.2.2, 3.3.3.3") == 200


def test_an_ipv6_network_counts_as_one_address(client, curator):
    for n in range(1, 5):
        assert sign_in(client, "wrong", address=f"2001:db8::{n}").status_code == 200
    assert sign_in(client, "wrong", address="2001:db8::5").status_code == 429
    assert sign_in(client, "right-password", address="2001:db8::6").status_code == 429
    assert sign_in(client, "right-password", address="2001:db9::1").status_code == 302


def test_whose_address_is_unknown_can_sign_in(client, curator):
    """As behind a socket of the machine, where no proxy says it."""
    assert sign_in(client, "wrong", address="").status_code == 200
    assert sign_in(client, "right-password", address="").status_code == 302


def test_no_password_is_checked_once_there_were_too_many_attempts(
    client, settings, monkeypatch, db
):
    settings.RATE_LIMIT = 1
    monkeypatch.setattr(limits, "time", lambda: 1_000_000.0)
    checked = []

    def note(**kwargs):
        checked.append(kwargs)

    user_login_failed.connect(note)
    try:
        for n in range(10):
            data = {"username": f"nobody{n}", "password": "wrong"}
            page = client.post("/admin/login/", data, REMOTE_ADDR="10.0.0.9")
    finally:
        user_login_failed.disconnect(note)
    assert len(checked) == 60 / limits.SIGN_IN
    assert "Too many attempts" in page.text
    assert AccessAttempt.objects.count() == len(checked)


def test_the_message_does_not_tell_who_exists(client, curator):
    known = sign_in(client, "wrong").text
    client.post("/admin/login/", {"username": "nobody", "password": "wrong"})
    unknown = client.post("/admin/login/", {"username": "nobody", "password": "x"}).text
    message = re.compile(r'<p class="errornote">(.*?)</p>', re.S)
    assert message.search(known)[1] == message.search(unknown)[1]
