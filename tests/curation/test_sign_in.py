"""Signing in to the admin."""

import re

import pytest

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


def test_the_message_does_not_tell_who_exists(client, curator):
    known = sign_in(client, "wrong").text
    client.post("/admin/login/", {"username": "nobody", "password": "wrong"})
    unknown = client.post("/admin/login/", {"username": "nobody", "password": "x"}).text
    message = re.compile(r'<p class="errornote">(.*?)</p>', re.S)
    assert message.search(known)[1] == message.search(unknown)[1]
