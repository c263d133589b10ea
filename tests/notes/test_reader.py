import pytest
from hypothesis import given
from hypothesis import strategies as st

from derm_xai.errors import ContextError
from derm_xai.notes.reader import LIMIT, read_notes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bleeding: no. Itching: yes.", {"bleeding": "absent", "itch": "present"}),
        ("0 bleeding, itching ++", {"bleeding": "absent", "itch": "present"}),
        ("Denies itching, bleeding or pain.", {"itch": "absent", "bleeding": "absent", "pain": "absent"}),
        ("Pas de saignement, prurit +.", {"bleeding": "absent", "itch": "present"}),
        ("Ni prurit ni douleur.", {"itch": "absent", "pain": "absent"}),
        ("Aurait saigné.", {"bleeding": "uncertain"}),
        ("Mère : mélanome.", {"melanoma_history": "family"}),
        ("0.8 cm", {"diameter_mm": 8}),
        ("6/52", {"duration_days": 42}),
    ],
)
def test_a_note_gives_its_findings(text, expected):
    assert read_notes(text).values() == expected


@given(st.text(max_size=300))
def test_any_text_is_read_and_spans_match_it(text):
    for finding in read_notes(text).findings:
        assert all(text[span.start : span.end] == span.text for span in finding.spans)


@pytest.mark.parametrize("word", "itching bleeding pain crusting oozing ulceration melanoma fever".split())
@pytest.mark.parametrize("no", ["No", "Denies", "Never", "Nil"])
def test_a_negated_word_is_never_present(no, word):
    assert "present" not in read_notes(f"{no} {word}.").values().values()


@pytest.mark.parametrize("word", "prurit saignement douleur suintement ulcération mélanome fièvre".split())
@pytest.mark.parametrize("no", ["Pas de", "Sans", "Aucun", "Absence de"])
def test_a_negated_french_word_is_never_present(no, word):
    assert "present" not in read_notes(f"{no} {word}.").values().values()


def test_an_overlong_note_is_refused():
    with pytest.raises(ContextError):
        read_notes("a" * (LIMIT + 1))
