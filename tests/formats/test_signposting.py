"""Typed links of a record."""

from resources.formats import OF_ONE, signposting

from .parsing import ORIGIN, document_of


def test_links_of_a_record(make_resource):
    document = document_of(make_resource(title="Santé", type="Toolkit"))
    record = f"{ORIGIN}/resources/{document.id}"
    assert list(signposting.links(document, ORIGIN)) == [
        (f"{record}/", "cite-as", {}),
        *[
            (f"{record}.{extension}", "describedby", {"type": module.CONTENT_TYPE})
            for extension, module in OF_ONE.items()
        ],
        ("https://schema.org/AboutPage", "type", {}),
        ("https://schema.org/LearningResource", "type", {}),
        (f"{record}.linkset.json", "linkset", {"type": "application/linkset+json"}),
    ]
    assert signposting.link_header(document, ORIGIN).startswith(
        f'<{record}/>; rel="cite-as", '
        f'<{record}.ris>; rel="describedby"; type="application/x-research-info-systems"'
    )
