"""The analyser: what is taken for the same word, whatever is thrown at it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.search.analysis import (
    STOP_WORDS,
    alternatives,
    fold,
    stems,
    words,
)

TEXT = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aéÉßİıﬁ½œØÅ"),
        st.characters(min_codepoint=0x600, max_codepoint=0x6FF),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x4F00),
        st.sampled_from("\x00\u200f\u202e\ud800 '’-"),
    ),
    max_size=60,
)


@given(TEXT)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


WORDS = st.from_regex(
    "[a-z]{1,8}(|e|s|es|ed|ing|ies|er|ation|men|ité|en|ler)", fullmatch=True
)


@given(TEXT)
def test_composed_and_decomposed_are_the_same(text):
    def forms(text):
        return [word.form for word in words(text)]

    assert forms(unicodedata.normalize("NFC", text)) == forms(
        unicodedata.normalize("NFD", text)
    )


@given(TEXT)
def test_words_stand_where_they_are_said_to(text):
    last = 0
    for word in words(text):
        assert word.form
        assert last <= word.start < word.end <= len(text)
        last = word.start
    for language in ["en", "fr", "ar", "pt-BR", "xx", ""]:
        assert len(stems(text, language)) == len(words(text))


@given(TEXT)
def test_alternatives_include_what_each_language_keeps(text):
    for word in words(text):
        for language in ["en", "fr", "es", "ar"]:
            assert stems(word.form, language)[:1] == [] or set(
                stems(word.form, language)
            ) <= {a for w in words(word.form) for a in alternatives(w.form)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Résidant", "residant"),
        ("STRASSE", "straße"),
        ("œuvre", "oeuvre"),
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("مُهَاجِرُون", "مهاجرون"),
        ("الهجـــرة", "هجره"),
        ("إلى", "الي"),
        ("والتنمية", "تنمية"),
        ("وبالتنمية", "تنمية"),
        ("وللتنمية", "تنمية"),
        ("ｆｕｌｌ", "full"),
        ("e\u0301cole", "école"),
        ("dias\u00adpora", "diaspora"),
    ],
)
def test_same_for_people(one, other):
    assert [w.form for w in words(one)] == [w.form for w in words(other)]


def test_characters_without_spaces_become_pairs():
    assert [w.form for w in words("移民与发展")] == ["移民", "民与", "与发", "发展"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "migrations", "migration"),
        ("fr", "développements", "développement"),
        ("es", "migraciones", "migración"),
        ("en", "organizations", "organisation"),
        ("en", "labor", "labour"),
        ("en", "centers", "centre"),
        ("en", "program", "programmes"),
        ("en", "citizenship", "citizens"),
        ("en", "returnees", "return"),
        ("en", "children", "child"),
        ("en", "women", "woman"),
        ("en", "Somalis", "Somalia"),
        ("en", "Senegalese", "Senegal"),
        ("en", "Ghanaians", "Ghana"),
        ("en", "Afghans", "Afghanistan"),
        ("en", "Lebanese", "Lebanon"),
        ("fr", "Marocaines", "Maroc"),
        ("fr", "Malienne", "Mali"),
        ("fr", "Béninois", "Bénin"),
        ("es", "boliviana", "Bolivia"),
        ("es", "salvadoreños", "Salvador"),
        ("es", "guatemalteco", "Guatemala"),
        ("fr", "réfugiées", "réfugié"),
        ("fr", "lois", "loi"),
        ("es", "raíces", "raíz"),
        ("es", "jóvenes", "joven"),
        ("ar", "مهاجرين", "مهاجر"),
        ("ar", "التحويلات", "تحويل"),
        ("ar", "السياسات", "سياسة"),
        ("ar", "لبنانيين", "لبنان"),
        ("ar", "السودانية", "السودان"),
        ("ar", "دولتهم", "دولة"),
        ("ar", "وهجرة", "هجرة"),
        ("ar", "بانتخابات", "انتخابات"),
        ("ar", "الأطباء", "طبيب"),
        ("ar", "ومشاريع", "مشروع"),
        ("ar", "النساء", "امرأة"),
    ],
)
def test_forms_of_a_word_share_a_stem(language, one, other):
    assert stems(one, language) == stems(other, language)


@pytest.mark.parametrize("word", ["وطن", "بلد", "فقر", "كتب", "لغة", "هوية"])
def test_a_short_arabic_word_keeps_its_first_letter(word):
    assert stems(word, "ar")[0][0] == word[0]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "nigérien", "nigérian"),
        ("fr", "Afrique australe", "Afrique Australie"),
        ("en", "Dominica", "Dominican"),
        ("en", "Georges", "Georgia"),
        ("en", "male", "Mali"),
    ],
)
def test_other_words_are_not_taken_for_countries(language, one, other):
    assert stems(one, language) != stems(other, language)


def test_stop_words_are_folded():
    assert all(fold(word) == word for word in STOP_WORDS)


@pytest.mark.parametrize(
    "text", ["الذين", "بشأن", "what is", "qu’est-ce que", "¿cómo?"]
)
def test_stop_words_are_met_in_text(text):
    assert {word.form for word in words(text)} <= STOP_WORDS
