"""Languages of resources: their names, and in which direction each is written."""

from datetime import UTC, datetime

import pytest
from babel.core import get_global
from django.utils.translation import override

from resources import languages
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


@pytest.mark.parametrize(
    ("tag", "english", "own"),
    [
        ("fr", "French", "français"),
        ("prs", "Dari", "دری"),
        ("pt-BR", "Portuguese (Brazil)", "português (Brasil)"),
        ("zh-Hant", "Chinese (Traditional)", "中文 (繁體)"),
        ("tlh", "Klingon", "Klingon"),
        ("mul", "Multiple languages", "Multiple languages"),
        ("xyz", "another language", "another language"),
    ],
)
def test_languages_have_names_in_words(tag, english, own):
    assert languages.name_in(tag, "en") == english
    assert languages.own_name(tag) == own
    for language in ["en", "fr", "es", "ar"]:
        assert tag not in languages.both_names(tag, language).split()


def test_names_are_in_the_language_of_the_reader():
    assert languages.both_names("prs", "es") == "darí · دری"
    assert languages.both_names("fr", "ar") == "الفرنسية · français"
    assert languages.both_names("fr", "fr") == "français"
    assert languages.name_in("xyz", "fr") == "une autre langue"


def test_a_form_offers_all_languages_by_their_names_on_the_page():
    with override("fr"):
        choices = dict(languages.choices())
    assert len(choices) > 600
    assert choices["so"] == "somali · Soomaali" and choices["prs"] == "dari · دری"
    assert choices["ti"] == "tigrigna · ትግርኛ"
    for tag in choices:
        languages.check_language(tag)


def test_pages_name_languages_for_their_readers(client, make_resource):
    one = make_resource(title="مهاجرت و توسعه", language="prs")
    page = client.get(one.get_absolute_url()).text
    assert '>Dari</a> <span lang="prs" dir="rtl">دری</span>' in page
    assert "Dari · دری" in client.get("/languages/").text
    assert "Dari · دری" in client.get("/resources/").text
