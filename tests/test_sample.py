"""The demonstration records: what `loaddata vocabularies sample` gives."""

import pytest
from PIL import Image

from resources.models import Resource, sort_key

from .factories import credited

LAST_EIGHT = [
    "Eighteen Stories from Around the World: Diaspora In Action",
    "Mobilisation des Marocains résidant en Belgique pour le développement du Maroc "
    "(MEDMA)",
    "Diaspora engagement projects in the health sector in Africa",
    "Return of Qualified Afghans (RQA) Programme",
    "WMIDA Migrant Women for Development in Africa",
    "Migration for Development in the Horn of Africa: Health expertise from the "
    "Somali diaspora in Finland",
    "The MIDA Experience and Beyond",
    "Migration for Development in Africa MIDA Ghana Senegal",
]

pytestmark = pytest.mark.usefixtures("sample")


def test_sample_has_38_published_and_three_drafts():
    assert Resource.objects.published().count() == 38
    assert Resource.objects.exclude(status="published").count() == 3


def test_sample_ends_with_the_eight_oldest():
    newest = Resource.objects.published().order_by("-published_at", "-id")
    assert [resource.title for resource in newest][-8:] == LAST_EIGHT


def test_summaries_have_60_to_120_words():
    lengths = {r.title: len(r.summary.split()) for r in Resource.objects.all()}
    assert {t: n for t, n in lengths.items() if not 60 <= n <= 120} == {}


def test_sample_is_valid():
    for resource in Resource.objects.all():
        resource.full_clean()
        for contributor in credited(resource):
            contributor.full_clean()


def test_sample_covers_are_there_in_three_widths(settings):
    covered = Resource.objects.exclude(cover="")
    assert covered.count() == 25
    for resource in covered:
        largest = settings.BASE_DIR / "media" / resource.cover.name
        for width in [240, 480, 960]:
            name = largest.name.replace("-960.webp", f"-{width}.webp")
            height = width * resource.cover_height // resource.cover_width
            with Image.open(largest.with_name(name)) as image:
                assert (image.format, image.size) == ("WEBP", (width, height))
        assert (resource.cover_width, resource.cover_height) == (960, 1280)


def test_sample_speaks_five_languages():
    languages = Resource.objects.published().values_list("language", flat=True)
    assert set(languages) == {"en", "fr", "es", "it", "pt"}


def test_sort_titles_match_titles():
    for resource in Resource.objects.all():
        assert resource.sort_title == sort_key(resource.title)
