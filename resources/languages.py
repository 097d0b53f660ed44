"""
Languages that resources are written in: BCP 47 tags, and their names from Unicode CLDR.

Babel has the names of some 600 languages in each language of the interface, and what
most of them call themselves; langcodes knows no more, and needs a second package.
"""

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

# https://www.rfc-editor.org/info/bcp47: language, script, region and variants.
TAG = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*"
)

# Several languages, and an unknown one: they may be recorded, and name themselves not.
NO_SINGLE_LANGUAGE = {"mul", "und", "mis"}
# Of CLDR: no linguistic content, and the root of all locales.
NO_LANGUAGES = {"zxx", "root"}
# Languages that CLDR knows as a form of another one.
CLDR_CODES = {"prs": "fa_AF", "pes": "fa", "pbt": "ps", "kmr": "ku", "arb": "ar"}
# What languages call themselves of which CLDR has no data of their own.
OWN_NAMES = {
    "aii": "ܣܘܪܝܬ",
    "ckb": "کوردیی ناوەندی",
    "hno": "ہندکو",
    "ht": "Kreyòl ayisyen",
    "kmr": "Kurmancî",
    "prs": "دری",
    "pbt": "پښتو",
    "shu": "عربي شادي",
    "ti": "ትግርኛ",
    "tet": "Tetun",
}
# Scripts written from right to left, as ISO 15924 names them:
# https://www.w3.org/International/questions/qa-scripts
RIGHT_TO_LEFT_SCRIPTS = set(
    "Adlm Arab Aran Hebr Mand Mend Nkoo Rohg Samr Syrc Syre Syrj Syrn Thaa Yezi".split()
)
# Languages usually written in one of them, by the likely subtags of Unicode CLDR, and
# a few that CLDR knows by other codes (Dari, Iranian Persian, Western Punjabi):
# https://unicode.org/reports/tr35/#Likely_Subtags
RIGHT_TO_LEFT = set(
    "aao abh abv acm acq acw acx adf aeb aec aee aeq afb aib aii aij aiq amw apc apd "
    "ar arb arc arq ars ary arz ask atn auj auz avd avl ayh ayl ayn ayp azb bal bdz "
    "bej bft bgn bgp bhe bhm bhn bjf bjm bqi brh brk bsh bsk chg cja ckb clh czk dcc "
    "def deh dgl dmk dml dv esh fa fay faz fia fub gbz ggg gha ghr gig gjk gju glh glk "
    "gwc gwf gwt gzi hac haz hbo he hkh hnd hno hoh hrt hrz hss huy isk itk iw jad jat "
    "jbe jbn jdg ji jnd jog jpa jpr jrb jye kbu kby kcy kfm khw klj kmz kqd ks ktl kvx "
    "kxp lad lah lhs lki lrc lrk lrl lsa lsd lss luv luz mby mde mfa mfi mhj mid mki "
    "mnj mve mvy myz mzn nli nlm nqo ntz nyq oar odk oru ota pbt pbu pes phl phr phv "
    "plk pnb prc prd prs prx ps psh psi pst qxq rdb rhg rmt sam sbn scl sd sdb sdf sdg "
    "sdh sds sgr sgy shd shm shu shv siy siz skr smp smy sqo sqt srh srz ssh sts swb "
    "syc syn syr tjo tks tmr tov tra trg trm trw ug ur ush uzs vaf vgr vmh wbk wlo wne "
    "wni wsv xhe xka xkc xkj xkp xvi ydd ydg yhd yi yih yud zba zdj zrp zum".split()
)


def check_language(tag):
    if not TAG.fullmatch(tag):
        raise ValidationError(
            _("%(tag)s is not a language tag such as en, fr or pt-BR."),
            params={"tag": tag},
        )


def own_name(tag):
    """Return the name of a language in that language, in English if it is not known."""
    return known_own_name(tag) or name_in(tag, "en")


@lru_cache(maxsize=2000)
def known_own_name(tag):
    """Return the name of a language in that language, or None."""
    if tag in OWN_NAMES:
        return OWN_NAMES[tag]
    if tag.partition("-")[0] in NO_SINGLE_LANGUAGE:
        return None
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    return locale.get_display_name(locale)


@lru_cache(maxsize=5000)
def name_in(tag, language):
    """
    Return the name of a language in a language of the interface: "French (Canada)".

    Script and region stand in brackets. What CLDR does not know is called so in words.
    """
    base, *rest = tag.split("-")
    locale = Locale.parse(language)
    name = locale.languages.get(CLDR_CODES.get(base, base))
    if not name:
        with override(language):
            return gettext("another language")
    known = {**locale.scripts, **locale.territories}
    more = [known[part] for part in rest if part in known]
    return f"{name} ({', '.join(more)})" if more else name


def both_names(tag, language):
    """Return the name in a language and the own name: "Dari · دری"; once if alike."""
    name, own = name_in(tag, language), known_own_name(tag)
    is_same = not own or name.casefold() == own.casefold()
    return name if is_same else f"{name} · {own}"


def names(tag, languages):
    """Return the name of a language in some languages."""
    return {language: name_in(tag, language) for language in languages}


def direction(tag):
    """Return "rtl" or "ltr"; the script decides where the tag names one."""
    base, *rest = tag.split("-")
    if rest and len(rest[0]) == 4 and rest[0].isalpha():
        return "rtl" if rest[0] in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if base in RIGHT_TO_LEFT else "ltr"


def choices():
    """Return choices for a form: all languages of CLDR, by their names on the page."""
    language = get_language() or "en"
    tags = [*Locale.parse("en").languages, *CLDR_CODES]
    tags = dict.fromkeys(tag for tag in tags if TAG.fullmatch(tag))
    named = [
        (tag, both_names(tag, language)) for tag in tags if tag not in NO_LANGUAGES
    ]
    return sorted(named, key=lambda choice: choice[1].casefold())
