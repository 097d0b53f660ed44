"""Languages of resources: in which direction each is written."""

from datetime import UTC, datetime

import pytest
from babel.core import get_global

from resources.languages import RIGHT_TO_LEFT, RIGHT_TO_LEFT_SCRIPTS, direction


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        *[(tag, "rtl") for tag in "ar fa he ur ps prs ckb sd ug yi dv nqo syr".split()],
        *[(tag, "rtl") for tag in ["ku-Arab", "pa-Arab-PK", "uz-Arab-AF", "ff-Adlm"]],
        *[(tag, "ltr") for tag in ["en", "ku", "ku-Latn", "ug-Cyrl", "sd-Deva-IN"]],
        *[(tag, "ltr") for tag in ["pt-BR", "sr-Latn", "de-1996", "mul"]],
        *[(tag, "rtl") for tag in ["ar-EG", "fa-AF"]],
    ],
)
def test_direction(tag, expected):
    assert direction(tag) == expected


def test_every_language_that_unicode_calls_right_to_left_is():
    likely = get_global("likely_subtags")
    known = {
        tag
        for tag, full in likely.items()
        if "_" not in tag and full.split("_")[1] in RIGHT_TO_LEFT_SCRIPTS
    }
    assert known <= RIGHT_TO_LEFT


def test_text_in_dari_is_drawn_from_right_to_left(client, make_resource):
    resource = make_resource(title="مهاجرت و توسعه", language="prs")
    for path in ["/resources/", resource.get_absolute_url()]:
        assert 'lang="prs" dir="rtl"' in client.get(path).text


def test_english_dates_are_british(client, make_resource):
    moment = datetime(2025, 6, 17, 12, tzinfo=UTC)
    resource = make_resource(published_at=moment)
    assert ">17 June 2025<" in client.get(resource.get_absolute_url()).text
