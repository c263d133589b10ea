import json

import pytest

from derm_xai.evaluate.records import UNTESTED_BELOW
from derm_xai.records import ClinicalContext, Estimate
from derm_xai.settings import Settings
from derm_xai.triage.advise import advise
from derm_xai.triage.reassurance import TESTED_FITZPATRICK, TESTED_SKIN_TONES, against_reassuring
from derm_xai.triage.sentences import MELANOMA_POSSIBLE, PHOTO_NOT_GOOD, UNCERTAIN
from derm_xai.vocabulary import Diagnosis, Urgency
from tests.triage.toy import BLURRED, CALM, THRESHOLDS, advice, ids, photographed, predicted

EVALUATION = Settings().model_folder() / "evaluation.json"


def changed(**answers) -> ClinicalContext:
    return CALM.model_copy(update=answers)


def test_a_calm_case_is_reassured_with_what_to_come_back_for():
    advised = advice(Diagnosis.NV, CALM)
    assert advised.urgency is Urgency.REASSURE
    assert ids(advised.reasons) == {"S1"}
    assert not advised.not_reassured_because
    assert any("return if it grows" in step for step in advised.next_steps)


@pytest.mark.parametrize("tone", range(6))
def test_only_tested_skin_tones_are_reassured(tone):
    advised = advice(Diagnosis.NV, changed(skin_tone=tone))
    assert (advised.urgency is Urgency.REASSURE) is (tone in TESTED_SKIN_TONES)
    assert any("fewer than 30 cases" in why for why in advised.not_reassured_because) is (tone not in TESTED_SKIN_TONES)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"skin_tone": None}, "not recorded, and the model"),
        ({"skin_tone": None, "fitzpatrick": 2}, "not recorded, and the model"),
        ({"grew": None}, "not recorded is not no"),
        ({"bleed": None}, "not recorded is not no"),
        ({"changed": None}, "not recorded is not no"),
        ({"changed": None, "change_in_shape": False}, "not recorded is not no"),
        ({"itch": True}, "a sign or a risk"),
        ({"melanoma_history": True}, "a sign or a risk"),
    ],
)
def test_what_speaks_against_reassuring_is_said(answers, why):
    advised = advice(Diagnosis.NV, changed(**answers))
    assert advised.urgency is Urgency.REVIEW_8_WEEKS
    assert [why in sentence for sentence in advised.not_reassured_because] == [True]


def test_shape_and_colour_asked_apart_are_as_good():
    asked = changed(changed=None, change_in_shape=False, change_in_colour=False)
    assert advice(Diagnosis.NV, asked).urgency is Urgency.REASSURE


@pytest.mark.parametrize("held", [Diagnosis.BCC, Diagnosis.AKIEC])
def test_a_set_that_holds_more_than_benign_lesions_does_not_reassure(held):
    assert advice(Diagnosis.NV, CALM, held=(held,)).urgency is Urgency.REVIEW_8_WEEKS


def test_abstaining_never_reassures():
    assert advice(Diagnosis.NV, CALM, novel=True).urgency is Urgency.SEE_PERSON
    assert advice(Diagnosis.NV, CALM, entropy=3.0).urgency is Urgency.SEE_PERSON
    assert advice(Diagnosis.NV, CALM, quality=BLURRED).urgency is Urgency.RETAKE_PHOTO


def test_the_tested_skin_tones_are_those_of_the_committed_evaluation():
    parts = json.loads(EVALUATION.read_text(encoding="utf-8"))["subgroups"]
    tested = {int(part["group"]) for part in parts if part["group_by"] == "skin tone" and part["n"] >= UNTESTED_BELOW}
    assert tested == TESTED_SKIN_TONES
    types = {int(part["group"]) for part in parts if part["group_by"] == "Fitzpatrick type" and part["n"] >= UNTESTED_BELOW}
    assert types == TESTED_FITZPATRICK


@pytest.mark.parametrize(("fitzpatrick", "reassured"), [(None, True), (4, True), (5, False), (6, False)])
def test_dark_skin_by_either_scale_is_not_reassured(fitzpatrick, reassured):
    """Skin tone 3 with Fitzpatrick VI is a number in the wrong field, or dark skin: nothing to reassure about."""
    advised = advice(Diagnosis.NV, CALM.model_copy(update={"skin_tone": 3, "fitzpatrick": fitzpatrick}))
    assert (advised.urgency is Urgency.REASSURE) is reassured


def test_a_poor_photo_and_abstaining_speak_against_reassuring_by_themselves():
    against = against_reassuring(predicted(), CALM, [photographed(quality=BLURRED)], {}, THRESHOLDS, abstained=True)
    assert against == (PHOTO_NOT_GOOD.en, UNCERTAIN.en)
    assert against_reassuring(predicted(novel=True), CALM, [photographed()], {}, THRESHOLDS, abstained=False) == (UNCERTAIN.en,)


@pytest.mark.parametrize(("chance", "reassured"), [(0.099, True), (0.1, False)])
def test_melanoma_at_its_operating_point_is_not_reassured(chance, reassured):
    likely = Estimate(value=chance, low=0, high=1)
    differentials = tuple(
        each.model_copy(update={"probability": likely}) if each.diagnosis is Diagnosis.MEL else each
        for each in predicted().differentials
    )
    possible = predicted().model_copy(update={"differentials": differentials})
    advised = advise(possible, CALM, [photographed()], THRESHOLDS)
    assert (advised.urgency is Urgency.REASSURE) is reassured
    assert advised.not_reassured_because == (() if reassured else (MELANOMA_POSSIBLE.en,))
