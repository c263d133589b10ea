import re

import pytest

from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.triage.look_alikes import catalogue
from derm_xai.triage.steps import next_steps, pathway_words, step_book
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, Urgency
from tests.triage.toy import advice

BOOK = step_book()


def steps():
    yield from (step for some in BOOK.urgency.values() for step in some)
    yield from (step for some in BOOK.diagnosis.values() for step in some)
    yield from (step for pathway in BOOK.pathway.values() for some in pathway.steps.values() for step in some)
    yield BOOK.image_set


def test_every_urgency_and_every_diagnosis_has_next_steps_in_both_languages():
    assert set(BOOK.urgency) == set(Urgency)
    assert set(BOOK.diagnosis) == set(DIAGNOSES)
    assert all(step.en and step.fr and step.en != step.fr for step in steps())


def test_no_step_names_a_dose_or_a_margin():
    for step in steps():
        assert not re.search(r"\d\s*(mg|ml|µg|mm|cm)\b", step.en + step.fr)


def test_a_lesion_to_be_seen_gets_the_image_set_and_its_kind_of_biopsy():
    referred = next_steps(Urgency.SUSPECTED_CANCER, Diagnosis.MEL, "generic")
    assert any("R13" in step for step in referred)
    assert any("narrow excision" in step for step in referred)
    assert not any("biops" in step for step in next_steps(Urgency.EMERGENCY, Diagnosis.MEL, "uk"))
    assert not any("biops" in step for step in next_steps(Urgency.REASSURE, Diagnosis.NV, "uk"))


@pytest.mark.parametrize(
    ("case", "urgency"),
    [
        ({"leading": Diagnosis.BCC}, Urgency.ROUTINE_REFERRAL),
        ({"leading": Diagnosis.NV, "entropy": 9.0}, Urgency.SEE_PERSON),
    ],
)
def test_a_routine_referral_and_a_person_get_the_image_set_too(case, urgency):
    advised = advice(**case)
    assert advised.urgency is urgency
    assert any("R13" in step for step in advised.next_steps)


def test_pathways_differ_in_their_clocks_and_state_their_sources():
    by = {pathway: " ".join(next_steps(Urgency.SUSPECTED_CANCER, None, pathway)) for pathway in ("generic", "uk", "france")}
    assert "28 days" in by["uk"]
    assert "R12" in by["uk"]
    assert "R15: HAS" in by["france"]
    assert "28 days" not in by["generic"] + by["france"]
    assert "NICE" in pathway_words("uk")
    assert "HAS" in pathway_words("france")


def test_the_pathway_is_a_setting(monkeypatch):
    assert Settings().pathway == "generic"
    monkeypatch.setenv("DERM_XAI_PATHWAY", "france")
    assert Settings().pathway == "france"
    assert Settings().digest() != Settings(pathway="uk").digest()
    assert advice(pathway="france").pathway.startswith("France")


@pytest.mark.parametrize("diagnosis", DIAGNOSES)
def test_every_diagnosis_has_look_alikes_with_sources(diagnosis):
    pairs = [pair for pair in catalogue().pair if pair.of is diagnosis]
    assert 2 <= len(pairs) <= 4
    for pair in pairs:
        assert pair.source
        assert pair.grade in {"A", "B"}
        assert pair.for_it
        assert pair.for_diagnosis
        assert pair.name.fr


def test_features_are_present_absent_or_not_recorded():
    context = ClinicalContext(itch=True, changed=False, diameter_mm=5)
    first = advice(Diagnosis.NV, context).look_alikes[0]
    assert (first.diagnosis, first.name) == (Diagnosis.NV, "Melanoma")
    status = {feature.text: feature.status for feature in first.features}
    assert status["it itches"] == "present"
    assert status["it changed in shape or colour"] == "absent"
    assert status["it grew"] == "not recorded"
    assert status["even shape and colour"] == "not recorded"


def test_the_two_diagnoses_that_lead_have_look_alikes():
    """What a naevus leaves of the probability goes to the keratosis."""
    shown = [pair.diagnosis for pair in advice(Diagnosis.NV).look_alikes]
    assert list(dict.fromkeys(shown)) == [Diagnosis.NV, Diagnosis.BKL]


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({}, "not recorded"),
        ({"change_in_colour": True}, "present"),
        ({"changed": False, "change_in_shape": True}, "present"),
        ({"change_in_shape": False}, "not recorded"),
        ({"change_in_shape": False, "change_in_colour": False}, "absent"),
        ({"changed": False}, "absent"),
    ],
)
def test_change_may_be_asked_in_one_question_or_in_two(answers, status):
    first = advice(Diagnosis.NV, ClinicalContext(**answers)).look_alikes[0]
    assert {feature.text: feature.status for feature in first.features}["it changed in shape or colour"] == status


def test_features_that_rest_on_a_number_or_a_site():
    context = ClinicalContext(age=49, anatom_site="lower_extremity")
    texts = {feature.text: feature.status for each in advice(Diagnosis.VASC, context).look_alikes for feature in each.features}
    assert texts["aged 50 or over"] == "absent"
    on_leg = {feature.text: feature.status for each in advice(Diagnosis.DF, context).look_alikes for feature in each.features}
    assert on_leg["on a leg"] == "present"


def test_every_feature_is_used_and_every_one_that_is_used_exists():
    used = {name for pair in catalogue().pair for name in (*pair.for_it, *pair.for_diagnosis)}
    assert used == set(catalogue().feature)
