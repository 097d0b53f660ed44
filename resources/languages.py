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
    """Return "rtl" or "ltr"; the script decides where the tag names one."""
    base, *rest = tag.split("-")
    if rest and len(rest[0]) == 4 and rest[0].isalpha():
        return "rtl" if rest[0] in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if base in RIGHT_TO_LEFT else "ltr"


def choices():
    """Return choices for a form: the languages Django knows, with both their names."""
    return [
        (code, f"{name} · {LANG_INFO[code]['name']}" if code != "en" else name)
        for code, name in sorted(NAMES.items())
    ]
