"""Unknown words are corrected once per request."""

from resources.search import corrections


def test_fewer_filters_do_not_correct_the_words_again(
    client, make_resource, monkeypatch
):
    make_resource(title="Health", themes=["Health"])
    asked, corrected = [], corrections.corrected

    def count(snapshot, form):
        asked.append(form)
        return corrected(snapshot, form)

    monkeypatch.setattr(corrections, "corrected", count)
    words = "xylofone+zygomatik"
    page = client.get(f"/resources/?language=en&q={words}&theme=health")
    assert page.status_code == 200
    assert len(asked) == len(set(asked)) == 2
