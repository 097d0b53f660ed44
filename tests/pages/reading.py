"""How tests read a page."""

import re
from html import unescape

from lxml import html


def titles(response):
    found = re.findall(r'card__title"[^>]*><a[^>]*>(.*?)</a>', response.text)
    return [unescape(re.sub("</?mark>", "", title)) for title in found]


def parsed(response):
    return html.document_fromstring(response.content)
