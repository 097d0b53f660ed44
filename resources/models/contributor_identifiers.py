"""ORCID and ROR, by which people and organisations are known beyond this catalogue."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .identifiers import BETWEEN_DIGITS


def check_orcid(value):
    """
    Refuse what is not an ORCID with a right check character (ISO 7064 MOD 11-2).

    https://support.orcid.org/hc/en-us/articles/360006897674
    """
    digits = value.replace("-", "")
    is_written_right = re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", value)
    total = 0
    for digit in digits[:15] if is_written_right else "":
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if not is_written_right or digits[15] != ("X" if check == 10 else str(check)):
        raise ValidationError(
            _("This is not a valid ORCID: one of its 16 characters may be mistyped.")
        )


# Digits of Crockford's base 32: https://www.crockford.com/base32.html
BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def check_ror(value):
    """
    Refuse what is not a ROR with right check digits (ISO 7064 MOD 97-10).

    https://ror.readme.io/docs/identifier
    """
    number = 0
    is_written_right = re.fullmatch(rf"0[{BASE_32}]{{6}}\d\d", value)
    for digit in value[1:7] if is_written_right else "":
        number = number * 32 + BASE_32.index(digit)
    if not is_written_right or int(value[7:]) != 98 - number * 100 % 97:
        raise ValidationError(
            _("This is not a valid ROR: one of its nine characters may be mistyped.")
        )


def normal_orcid(text):
    """Return what may be an ORCID in groups of four, without its address."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", text.strip(), flags=re.I)
    digits = BETWEEN_DIGITS.sub("", bare).upper()
    return "-".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def normal_ror(text):
    """Return what may be a ROR without its address, in small letters."""
    bare = re.sub(r"^(https?://)?(www\.)?ror\.org/", "", text.strip(), flags=re.I)
    return bare.rstrip("/").lower()
