import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.notes.findings import Finding, Findings, Span
from derm_xai.notes.form import read_form
from derm_xai.notes.prefill import Told, answers, told
from derm_xai.notes.reader import read_notes

NOTE = "54F. Bleeding: no. Itching: yes. Mother had a melanoma. Grew over 3 months. Possibly painful."


def finding(name, value, text="words"):
    return Finding(name=name, value=value, spans=(Span(start=0, end=len(text), text=text),))


def test_findings_become_the_answers_of_the_form():
    found = [
        finding("age", 54),
        finding("bleeding", "absent"),
        finding("itch", "present"),
        finding("change_in_size", "present"),
        finding("pain", "uncertain"),
        finding("melanoma_history", "family"),
        finding("skin_cancer_history", "family"),
    ]
    filled = answers(Findings(findings=tuple(found)))
    assert filled == {"age": 54, "bleed": False, "itch": True, "grew": True, "family_melanoma": True}
    context = read_form(filled)
    assert context.hurt is None
    assert context.melanoma_history is None
    assert context.skin_cancer_history is None


def test_only_what_is_so_is_told_to_the_rules_with_its_words():
    found = (
        finding("bleeding", "absent", "no bleeding"),
        finding("pain", "present", "sore"),
        finding("itch", "uncertain", "?itch"),
    )
    assert told(Findings(findings=found)) == {"hurt": Told(True, "sore")}


def test_a_lesion_of_the_lid_is_at_a_site_where_delay_matters():
    assert told(read_notes("Nodule of the left eyelid."))["high_risk_site"] == Told(True, "eyelid")
    assert "high_risk_site" not in told(read_notes("Nodule of the left forearm."))


@pytest.mark.parametrize(("name", "value"), [("diameter_mm", 700), ("diameter_mm", 0), ("duration_days", 54_750), ("age", 130)])
def test_a_number_that_the_form_refuses_costs_only_itself(name, value):
    found = (finding(name, value), finding("itch", "present"))
    assert answers(Findings(findings=found)) == {"itch": True}


def test_a_real_note_fills_the_form():
    filled = answers(read_notes(NOTE))
    assert filled["age"] == 54
    assert filled["sex"] == "female"
    assert filled["bleed"] is False
    assert filled["itch"] is True
    assert filled.get("melanoma_history") is not True
    assert "hurt" not in filled


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_note_gives_answers_that_the_form_takes(text):
    read = read_notes(text)
    context = read_form(answers(read))
    assert all(getattr(context, field) == said.value for field, said in told(read).items() if field != "high_risk_site")
