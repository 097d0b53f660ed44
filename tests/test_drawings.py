"""Motifs, and the covers that are drawn for records without one."""

from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from resources import documents
from resources.drawings import MOTIFS, PALETTES, DrawnCover, draw, width, wrap
from resources.models import Programme, Resource, Theme

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"


def drawn(**fields):
    values = {"label": "Report", "label_language": "en", "credit": "IOM"}
    values |= {"language": "en", "motif": "rings", "palette": "navy", "seed": 1}
    return DrawnCover(**values | fields)


def document_of(resource):
    [document] = documents.build(Resource.objects.filter(pk=resource.pk))
    return document


def address(resource):
    return f"/covers/{resource.pk}/{document_of(resource).drawn_cover.name}"


def text_of(response):
    return "".join(ElementTree.fromstring(response.content).itertext())


@pytest.mark.parametrize("motif", MOTIFS)
@pytest.mark.parametrize("palette", PALETTES)
def test_each_motif_can_be_had_in_each_palette(client, motif, palette):
    response = client.get(f"/motifs/{motif}/{palette}.svg")
    assert response["Content-Type"] == "image/svg+xml"
    shapes = list(ElementTree.fromstring(response.content))
    assert {shape.tag.removeprefix(SVG) for shape in shapes} <= {
        "rect",
        "circle",
        "path",
    }
    # Never one flat colour.
    colours = {shape.get("fill") for shape in shapes}
    colours |= {shape.get("stroke") for shape in shapes}
    assert len(colours - {None, "none"}) >= 3


@pytest.mark.parametrize("path", ["rings/pink", "cubes/navy", "rings/..", "x/y"])
def test_unknown_motifs_are_not_found(client, path):
    assert client.get(f"/motifs/{path}.svg").status_code == 404


def test_neighbours_with_one_motif_look_different():
    for motif in MOTIFS:
        drawings = [str(draw(motif, "navy", 240, 150, seed)) for seed in range(1, 50)]
        assert len(set(drawings)) == len(drawings)


def test_a_seed_always_gives_the_same_drawing():
    assert draw("flags", "navy", 240, 150, 7) == draw("flags", "navy", 240, 150, 7)


def test_a_record_without_a_cover_shows_a_drawn_one(client, make_resource):
    resource = make_resource(title="Doctors <b>&</b> nurses")
    page = client.get(resource.get_absolute_url()).text
    assert f'src="{address(resource)}"' in page
    response = client.get(address(resource))
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=604800"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "<b>" not in response.text
    assert "Doctors <b>&</b>" in text_of(response)


def test_a_drawn_cover_changes_its_address_with_its_text(client, make_resource):
    resource = make_resource(title="Before")
    old = address(resource)
    resource.title = "After"
    resource.save()
    assert address(resource) != old
    response = client.get(old)
    assert response.status_code == 302
    assert response["Location"] == address(resource)


def test_drafts_and_withdrawn_records_have_no_public_cover(client, make_resource):
    for status in [Resource.Status.DRAFT, Resource.Status.WITHDRAWN]:
        resource = make_resource(status=status, withdrawn_reason="Gone")
        assert client.get(address(resource)).status_code == 404


def test_the_preview_of_a_draft_shows_its_drawn_cover(admin_client, make_resource):
    resource = make_resource(status=Resource.Status.DRAFT, title="Unfinished")
    start = f"/admin/resources/resource/{resource.pk}"
    page = admin_client.get(f"{start}/preview/").text
    path = f"{start}/cover/{document_of(resource).drawn_cover.name}"
    assert path in page
    assert "Unfinished" in text_of(admin_client.get(path))


def test_the_first_theme_gives_motif_and_colours(make_resource):
    Theme.objects.create(name="Zoos", slug="zoos", motif="sun", palette="rust")
    Theme.objects.create(name="Aid", slug="aid", motif="bars", palette="plum")
    cover = document_of(make_resource(themes=["Zoos", "Aid"])).drawn_cover
    assert (cover.motif, cover.palette) == ("bars", "plum")


def test_a_theme_without_a_motif_gets_one(make_resource):
    cover = document_of(make_resource(themes=["Aid"])).drawn_cover
    assert cover.motif in MOTIFS
    assert cover.palette in PALETTES


@pytest.mark.parametrize("field", ["motif", "palette"])
def test_unknown_motifs_and_colours_cannot_be_stored(field):
    theme = Theme(name="Aid", slug="aid", **{field: "pink"})
    with pytest.raises(ValidationError):
        theme.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        theme.save()


@pytest.mark.parametrize(
    "title",
    [
        "",
        "A",
        "word " * 100,
        "x" * 500,
        "移民" * 60,
        "تحويلات المغتربين " * 20,
        "e\u0301" * 90,
    ],
)
def test_a_title_of_any_length_stays_on_its_cover(title):
    cover = drawn(title=title)
    size, lines = cover.lettering
    assert 180 + len(lines) * size * 1.18 <= 300
    for line in lines:
        assert width(line) * size <= cover.width - 2 * 16 + size


def test_lines_break_between_words():
    assert wrap("Skills transfer", 6) == ["Skills", "transfer"]


def test_a_title_in_arabic_starts_at_the_right():
    cover = drawn(title="تحويلات", language="ar")
    assert (cover.direction, cover.start) == ("rtl", 224)


def test_a_long_credit_stays_on_one_line():
    line = drawn(title="A", credit="Organization " * 20).credit_line
    assert line.endswith("…")
    assert width(line) * 9 <= 240


@pytest.mark.parametrize("model", ["theme", "programme"])
def test_curators_choose_motif_and_colours(admin_client, client, model):
    path = f"/admin/resources/{model}/add/"
    fields = {"name": "Sport", "slug": "sport", "motif": "sun", "palette": "rust"}
    if model == "programme":
        fields |= {"started_in": "2001"}
    response = admin_client.post(path, fields)
    assert response.status_code == 302, response.text
    row = {"theme": Theme, "programme": Programme}[model].objects.get()
    assert (row.motif, row.palette) == ("sun", "rust")
