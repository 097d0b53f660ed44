"""Languages that resources are written in: BCP 47 tags and their own names."""

import re

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _

# https://www.rfc-editor.org/info/bcp47: language, script, region and variants.
TAG = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
)

# Django lists regional forms and a few tags of its own beside the languages.
NAMES = {
    code: info["name_local"]
    for code, info in LANG_INFO.items()
    if "name_local" in info and re.fullmatch(r"[a-z]{2,3}", code)
}

# https://www.w3.org/International/questions/qa-scripts
RIGHT_TO_LEFT = {
    "ar",
    "arc",
    "ckb",
    "dv",
    "fa",
    "he",
    "ks",
    "ps",
    "sd",
    "ug",
    "ur",
    "yi",
}


def check_language(tag):
    if not TAG.fullmatch(tag):
        raise ValidationError(
            _("%(tag)s is not a language tag such as en, fr or pt-BR."),
            params={"tag": tag},
        )


def own_name(tag):
    """Return the name of a language in that language, or its tag if it is unknown."""
    base, _dash, rest = tag.partition("-")
    name = NAMES.get(base, base)
    return f"{name} ({rest})" if rest else name


def names(tag, languages):
    """Return the name of a language in some languages; its own where none is known."""
    base, _dash, rest = tag.partition("-")
    if base not in LANG_INFO:
        return dict.fromkeys(languages, own_name(tag))
    found = {}
    for language in languages:
        with override(language):
            name = str(get_language_info(base)["name_translated"])
        found[language] = f"{name} ({rest})" if rest else name
    return found


def direction(tag):
    return "rtl" if tag.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def choices():
    """Return choices for a form: the languages Django knows, with both their names."""
    return [
        (code, f"{name} · {LANG_INFO[code]['name']}" if code != "en" else name)
        for code, name in sorted(NAMES.items())
    ]
