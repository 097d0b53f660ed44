"""Descriptions of terms, in the language of the page where there is one."""

from resources.models import Theme

from ..factories import make_resource


def test_pages_describe_a_term_in_their_language(client, db):
    make_resource(themes=["Health"])
    Theme.objects.update(description="Of people.", description_fr="Des gens.")
    french = client.get("/fr/themes/health/").text
    assert '<p class="lead">Des gens.</p>' in french
    assert '<meta name="description" content="Des gens.">' in french
    spanish = client.get("/es/themes/health/").text
    assert '<p class="lead" lang="en" dir="ltr">Of people.</p>' in spanish
    assert "Des gens." in client.get("/fr/").text
    # A tile has no room for what its reader may not understand.
    assert "Of people." not in client.get("/es/").text


def test_a_term_without_a_description_has_none(client, db):
    make_resource(themes=["Health"])
    assert 'class="lead"' not in client.get("/fr/themes/health/").text
