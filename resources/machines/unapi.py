"""
Records for Zotero and others that read unAPI: which formats there are, and the record.

https://web.archive.org/web/2024/http://unapi.info/specs/unapi-revision-1.html
"""

import re

from django.http import HttpResponse

from ..addresses import origin
from ..formats import OF_ONE, xml
from ..public import PLAIN, look_up, missing, public

# Names that others use for these formats. Zotero takes the one it likes best, RIS.
NAMES = {"bib": "bibtex", "csl.json": "csl-json", "xml": "oai_dc"}
FORMATS = {
    NAMES.get(extension, extension): module for extension, module in OF_ONE.items()
}


@public
def unapi(request):
    pk, name = request.GET.get("id", ""), request.GET.get("format", "")
    if not pk:
        return formats(status=200)
    if not re.fullmatch(r"[1-9][0-9]{0,17}", pk):
        return HttpResponse("There is no such resource.", PLAIN, 404)
    document = look_up(request).document(int(pk))
    if document is None:
        return missing(int(pk))
    if not name:
        return formats(status=300, id=pk)
    if name not in FORMATS:
        return HttpResponse("There is no such format.", PLAIN, 406)
    module = FORMATS[name]
    text = "".join(module.render([document], origin(request)))
    return HttpResponse(text, module.CONTENT_TYPE)


def formats(status, **attributes):
    """Return the list of formats; with the id of a record, of those that it has."""
    elements = [
        xml.element("format", name=name, type=module.CONTENT_TYPE)
        for name, module in FORMATS.items()
    ]
    root = xml.element("formats", *elements, **attributes)
    return HttpResponse(xml.document(root), "application/xml", status)
