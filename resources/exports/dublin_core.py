"""
Dublin Core in XML, as OAI-PMH asks for it.

https://www.openarchives.org/OAI/openarchivesprotocol.html#dublincore
"""

from ..xml import escape

HEAD = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/oai_dc/'
    ' http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
)


def element(resource, origin):
    """The record as an oai_dc:dc element; `origin` stands before its address."""
    places = [*resource.regions.all(), *resource.countries]
    values = [
        ("title", resource.title),
        *(("creator", one.sort_name or one.name) for one in resource.credits),
        *(("subject", theme.name) for theme in resource.themes.all()),
        ("description", resource.summary),
        ("publisher", resource.publisher.name if resource.publisher else ""),
        ("date", str(resource.year or "")),
        ("type", resource.type.name),
        ("identifier", f"{origin}{resource.permanent_path}"),
        ("identifier", f"https://doi.org/{resource.doi}" if resource.doi else ""),
        ("language", resource.language),
        *(("coverage", place.name) for place in places),
    ]
    inside = "".join(
        f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in values if value
    )
    return f"{HEAD}{inside}</oai_dc:dc>"
