"""
MODS 3.7, the Library of Congress's way to describe what a library holds.

https://www.loc.gov/standards/mods/mods-3-7.html
"""

from .xml import escape

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "https://www.loc.gov/standards/mods/v3/mods-3-7.xsd"
HEAD = (
    f'<mods xmlns="{NAMESPACE}" version="3.7"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
)
AUTHOR = (
    '<role><roleTerm type="code" authority="marcrelator">aut</roleTerm></role></name>'
)
# The standard has a closed list of them; by the slug of our type.
KINDS = {
    "map": "cartographic",
    "video": "moving image",
    "dataset": "software, multimedia",
}


def element(resource, origin):
    """The record as a mods element; `origin` stands before its address."""
    address = f"{origin}{resource.permanent_path}"
    kind = KINDS.get(resource.type.slug, "text")
    parts = [
        HEAD,
        f"<titleInfo><title>{escape(resource.title)}</title></titleInfo>",
        *[name(contributor) for contributor in resource.credits],
        f"<typeOfResource>{kind}</typeOfResource>",
        f"<genre>{escape(resource.type.name)}</genre>",
        origin_info(resource),
        '<language><languageTerm type="code" authority="rfc3066">',
        f"{escape(resource.language)}</languageTerm></language>",
        f"<abstract>{escape(resource.summary)}</abstract>",
    ]
    for theme in resource.themes.all():
        parts.append(f"<subject><topic>{escape(theme.name)}</topic></subject>")
    for place in [*resource.regions.all(), *resource.countries]:
        parts.append(
            f"<subject><geographic>{escape(place.name)}</geographic></subject>"
        )
    if resource.programme:
        parts.append(
            '<relatedItem type="series"><titleInfo><title>'
            f"{escape(resource.programme.name)}</title></titleInfo></relatedItem>"
        )
    for type_, value in [
        ("doi", resource.doi),
        ("isbn", resource.isbn),
        ("uri", address),
    ]:
        if value:
            parts.append(f'<identifier type="{type_}">{escape(value)}</identifier>')
    parts.append(f'<location><url usage="primary display">{escape(address)}</url>')
    if resource.source_url:
        parts.append(f"<url>{escape(resource.source_url)}</url>")
    parts.append(
        f"</location><recordInfo><recordIdentifier>{escape(address)}"
        '</recordIdentifier><recordChangeDate encoding="w3cdtf">'
        f"{resource.changed_at:%Y-%m-%dT%H:%M:%SZ}</recordChangeDate>"
        "</recordInfo></mods>"
    )
    return "".join(parts)


def name(contributor):
    """One author, with family and given names apart where they are known."""
    if contributor.kind == contributor.Kind.ORGANISATION:
        return (
            '<name type="corporate">'
            f"<namePart>{escape(contributor.name)}</namePart>{AUTHOR}"
        )
    family, _comma, given = contributor.sort_name.partition(", ")
    if not (family and given):
        return (
            '<name type="personal">'
            f"<namePart>{escape(contributor.name)}</namePart>{AUTHOR}"
        )
    return (
        f'<name type="personal"><namePart type="family">{escape(family)}</namePart>'
        f'<namePart type="given">{escape(given)}</namePart>{AUTHOR}'
    )


def origin_info(resource):
    parts = []
    if resource.publisher:
        parts.append(f"<publisher>{escape(resource.publisher.name)}</publisher>")
    if resource.year:
        parts.append(f'<dateIssued encoding="w3cdtf">{resource.year}</dateIssued>')
    return f"<originInfo>{''.join(parts)}</originInfo>" if parts else ""
