"""RIS, read back by a parser."""

import rispy

from resources.formats import ris
from resources.formats.values import line

from .parsing import ORIGIN, all_documents, text_of


def test_ris_is_read_back(catalogue):
    entries = rispy.loads(text_of(ris))
    assert len(entries) == len(all_documents())
    for entry, document in zip(entries, all_documents(), strict=True):
        assert entry["id"] == str(document.id)
        assert entry["title"] == line(document.title)
        assert len(entry.get("authors", [])) == len(document.authors)
        assert entry["urls"] == [f"{ORIGIN}/resources/{document.id}/"]
        # Zotero, EndNote and Mendeley know ED, this reader does not.
        assert set(entry.get("unknown_tag", [])) <= {"ED"}


def test_ris_line_by_line(make_resource):
    resource = make_resource(
        title="The MIDA\nExperience",
        summary="Ten years & more.",
        authors=["Ada Lovelace"],
        publisher="IOM",
        themes=["Health", "Policy"],
        year=2009,
        isbn="978-92-9068-560-9",
        doi="10.1234/x",
        source_url="https://example.org/a",
    )
    assert text_of(ris) == (
        "TY  - RPRT\r\n"
        f"ID  - {resource.pk}\r\n"
        "AU  - Lovelace, Ada\r\n"
        "TI  - The MIDA Experience\r\n"
        "PB  - IOM\r\n"
        "PY  - 2009\r\n"
        "AB  - Ten years & more.\r\n"
        "KW  - Health\r\n"
        "KW  - Policy\r\n"
        "LA  - en\r\n"
        "N1  - ISBN: 978-92-9068-560-9\r\n"
        "DO  - 10.1234/x\r\n"
        f"UR  - {ORIGIN}/resources/{resource.pk}/\r\n"
        "L2  - https://example.org/a\r\n"
        "ER  - \r\n\r\n"
    )


def test_ris_puts_an_article_into_its_periodical(make_resource):
    make_resource(type="Journal article", publisher="Human Resources for Health")
    text = text_of(ris)
    assert text.startswith("TY  - JOUR\r\n")
    assert "T2  - Human Resources for Health\r\n" in text
    assert "PB  - " not in text
