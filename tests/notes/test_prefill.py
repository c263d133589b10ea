from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.notes.findings import AlsoRead, Finding, FindingName, Findings, Span
from derm_xai.notes.form import read_form
from derm_xai.notes.prefill import Told, answers, told, uncorrected
from derm_xai.notes.reader import read_notes
from derm_xai.records import ClinicalContext

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


def test_what_the_form_calls_something_else_becomes_its_answer():
    found = tuple(finding(name, "present") for name in ("elevated", "pain", "bleeding", "change_in_size"))
    assert answers(Findings(findings=found)) == {"elevation": True, "hurt": True, "bleed": True, "grew": True}


VALUES = {"age": 54, "sex": "female", "anatom_site": "trunk", "side": "left", "duration_days": 30, "diameter_mm": 7}


@pytest.mark.parametrize("name", [*get_args(FindingName), *get_args(AlsoRead)])
def test_every_finding_is_an_answer_of_the_form(name):
    (answer,) = answers(Findings(findings=(finding(name, VALUES.get(name, "present")),))).values()
    assert answer == VALUES.get(name, True)


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


@pytest.mark.parametrize(
    "note",
    [
        "Nodule of the nose.",
        "Ulcer of the left ear.",
        "Crust on the lower lip.",
        "Nodule de l'aile du nez.",
        "Croûte de l'oreille gauche.",
        "Croûte de la lèvre.",
        "Nodule de la paupière.",
    ],
)
def test_so_is_one_of_nose_ear_and_lip_in_both_languages(note):
    assert told(read_notes(note))["high_risk_site"].value is True


def test_only_a_no_of_the_form_takes_back_what_was_read():
    read = {name: Told(True, name) for name in ("grew", "itch", "bleed")}
    assert set(uncorrected(read, ClinicalContext(grew=True, itch=False))) == {"grew", "bleed"}


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
