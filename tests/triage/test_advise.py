import pytest

from derm_xai.classify.checkpoint import Abstention, Thresholds
from derm_xai.notes.prefill import Told
from derm_xai.records import ClinicalContext
from derm_xai.triage.advise import advise, alarms
from derm_xai.triage.facts import model_facts
from derm_xai.vocabulary import AnatomSite, Diagnosis, ImageType, Urgency
from tests.triage.toy import BLURRED, CALM, SHARP, THRESHOLDS, advice, ids, photographed, predicted

QUALITIES = {"sharp": SHARP, "blurred": BLURRED}


def test_r5_is_routine_and_urgent_only_where_delay_matters():
    assert advice(Diagnosis.BCC).urgency is Urgency.ROUTINE_REFERRAL
    near_the_eye = advice(Diagnosis.BCC, context=ClinicalContext(high_risk_site=True))
    assert near_the_eye.urgency is Urgency.SUSPECTED_CANCER
    assert "R5-site" in ids(near_the_eye.reasons)
    assert "R5-site" not in ids(advice(Diagnosis.NV, context=ClinicalContext(high_risk_site=True)).reasons)


def test_r6_stands_alone():
    calm = advice(Diagnosis.NV)
    assert ids(calm.reasons) == {"R6"}
    assert calm.urgency is Urgency.REVIEW_8_WEEKS
    assert not calm.abstained


def test_the_referral_threshold_is_reached_at_its_value():
    assert "M1" in ids(advice(Diagnosis.SCCKA, probability=0.2).reasons)
    assert "M1" not in ids(advice(Diagnosis.SCCKA, probability=0.19).reasons)
    assert "M1" not in ids(advice(Diagnosis.BCC).reasons)


def test_a_limit_that_is_reached_stands_beside_the_probability():
    first = {reason.rule_id: reason.facts[0] for reason in advice(Diagnosis.SCCKA, probability=0.4).reasons}
    reached = {rule: (fact.chance, fact.limit) for rule, fact in first.items() if fact.limit is not None}
    assert reached == {"M1": (0.4, 0.2), "M2": (0.4, 0.3)}


def test_poor_quality_asks_for_another_photo_and_lowers_nothing():
    blurred = advice(quality=BLURRED)
    assert blurred.abstained
    assert blurred.urgency is Urgency.RETAKE_PHOTO
    assert advice(Diagnosis.MEL, quality=BLURRED).urgency is Urgency.SUSPECTED_CANCER


def test_what_leads_in_a_poor_photo_names_no_biopsy():
    said = {name: " ".join(advice(Diagnosis.MEL, quality=quality).next_steps) for name, quality in QUALITIES.items()}
    assert {name: "narrow excision" in steps for name, steps in said.items()} == {"sharp": True, "blurred": False}


def test_a_novel_photo_gives_no_model_reason_and_a_person():
    novel = advice(Diagnosis.MEL, novel=True)
    assert novel.abstained
    assert novel.urgency is Urgency.SEE_PERSON
    assert not model_facts(predicted(Diagnosis.MEL, novel=True), [ImageType.DERMOSCOPIC], THRESHOLDS)
    assert not novel.look_alikes


def test_each_photo_says_itself_what_is_wrong_with_it():
    photos = [photographed(ImageType.CLINICAL, SHARP), photographed(ImageType.DERMOSCOPIC, BLURRED)]
    advised = advise(predicted(Diagnosis.NV), ClinicalContext(), photos, THRESHOLDS)
    assert advised.abstained_because == ("dermoscopic photo: The photo is blurred: take it again.",)


def test_an_uncertain_model_sends_the_case_to_a_person():
    assert advice(entropy=2.1).urgency is Urgency.SEE_PERSON
    assert not advice(entropy=2.0).abstained


def test_the_score_that_the_model_names_decides_on_abstaining():
    def by(limit: float) -> Thresholds:
        return THRESHOLDS.model_copy(update={"abstention": Abstention(score="mutual information", limit=limit)})

    assert not advice(entropy=9.0, thresholds=by(0.1)).abstained
    assert advice(entropy=0.0, thresholds=by(0.09)).abstained


def test_rules_against_a_calm_model_are_a_conflict_and_the_rule_stands():
    split = advice(Diagnosis.NV, context=ClinicalContext(grew=True, irregular_colour=True))
    assert split.urgency is Urgency.SUSPECTED_CANCER
    assert len(split.conflicts) == 1


def test_notes_that_talk_a_photo_down_send_the_case_to_a_person():
    talked_down = advice(Diagnosis.NV, photo=Diagnosis.MEL)
    assert talked_down.urgency is Urgency.SEE_PERSON
    assert "notes lower it" in talked_down.conflicts[0]


def test_notes_that_alone_suspect_a_malignancy_send_the_case_to_a_person():
    talked_up = advice(Diagnosis.NV, notes=Diagnosis.MEL)
    assert talked_up.urgency is Urgency.SEE_PERSON
    assert "photo lowers it" in talked_up.conflicts[0]


def test_a_close_up_and_a_dermoscopic_photo_apart_send_the_case_to_a_person():
    apart = advice(Diagnosis.NV, views=(Diagnosis.NV, Diagnosis.MEL))
    assert apart.urgency is Urgency.SEE_PERSON
    assert "disagree" in apart.conflicts[0]
    assert not advice(Diagnosis.BCC, views=(Diagnosis.BCC, Diagnosis.MEL)).conflicts
    assert not advice(Diagnosis.NV, views=(Diagnosis.NV, Diagnosis.DF)).conflicts


@pytest.mark.parametrize("held", [Diagnosis.MEL, Diagnosis.SCCKA, Diagnosis.MAL_OTH])
def test_a_malignancy_that_is_not_ruled_out_sends_the_case_to_a_person(held):
    advised = advice(Diagnosis.NV, CALM, held=(held,))
    assert advised.urgency is Urgency.SEE_PERSON
    assert ids(advised.reasons) == {"C1"}


def test_a_basal_cell_carcinoma_in_the_set_only_keeps_from_reassuring():
    advised = advice(Diagnosis.NV, CALM, held=(Diagnosis.BCC,))
    assert advised.urgency is Urgency.REVIEW_8_WEEKS
    assert any("malignancy is in" in sentence for sentence in advised.not_reassured_because)


def test_a_blurred_photo_asks_for_a_better_one_before_a_person():
    for how in ({"entropy": 9.0}, {"held": (Diagnosis.MEL,)}, {"novel": True}, {"views": (Diagnosis.NV, Diagnosis.MEL)}):
        assert advice(Diagnosis.NV, quality=BLURRED, **how).urgency is Urgency.RETAKE_PHOTO


def test_the_words_of_the_note_stand_with_the_fact():
    advised = advice(
        context=ClinicalContext(grew=True), from_note={"grew": Told(True, "has doubled"), "itch": Told(True, "gratte")}
    )
    (reason,) = [reason for reason in advised.reasons if reason.rule_id == "R1"]
    assert [(fact.origin, fact.words) for fact in reason.facts] == [("note", "has doubled"), ("note", "gratte")]


def test_a_sign_in_the_note_counts_against_the_forms_no_and_a_person_settles_it():
    advised = advice(context=ClinicalContext(fever=False, non_blanching=True), from_note={"fever": Told(True, "38.9")})
    assert "E3" in ids(advised.reasons)
    assert advised.urgency is Urgency.EMERGENCY
    assert any("form says no" in sentence for sentence in advised.conflicts)
    calm = advice(context=CALM.model_copy(update={"itch": False}), from_note={"itch": Told(True, "itchy")})
    assert calm.urgency is Urgency.SEE_PERSON


def test_a_number_that_came_from_the_note_counts_and_says_so():
    read = {"diameter_mm": Told(7, "7 mm")}
    for context in (ClinicalContext(diameter_mm=7), ClinicalContext()):
        (fact,) = next(reason for reason in advice(context=context, from_note=read).reasons if reason.rule_id == "R11").facts
        assert (fact.origin, fact.words) == ("note", "7 mm")


def test_the_forms_number_stands_where_the_note_gives_another():
    advised = advice(context=ClinicalContext(diameter_mm=3), from_note={"diameter_mm": Told(9, "9 mm")})
    assert ids(advised.reasons) == {"R6"}


@pytest.mark.parametrize("site", [AnatomSite.HAND, AnatomSite.FOOT, AnatomSite.GENITAL])
def test_nobody_is_reassured_of_a_site_that_is_not_to_be_missed(site):
    assert advice(Diagnosis.BKL, context=CALM.model_copy(update={"anatom_site": AnatomSite.TRUNK})).urgency is Urgency.REASSURE
    assert advice(Diagnosis.BKL, context=CALM.model_copy(update={"anatom_site": site})).urgency is Urgency.REVIEW_8_WEEKS


@pytest.mark.parametrize("quality", [SHARP, BLURRED])
@pytest.mark.parametrize("novel", [False, True])
def test_an_emergency_stands_whatever_the_photo_is_like(quality, novel):
    advised = advice(Diagnosis.NV, ClinicalContext(non_blanching=True, fever=True), quality=quality, novel=novel)
    assert advised.urgency is Urgency.EMERGENCY
    assert advised.reasons[0].rule_id == "E3"
    assert "hospital now" in advised.next_steps[0]


def test_alarms_need_no_photo():
    assert [reason.urgency for reason in alarms(ClinicalContext(erythroderma=True))] == [Urgency.SAME_DAY]
    assert not alarms(ClinicalContext(grew=True, irregular_colour=True))
    assert (
        alarms(ClinicalContext(), {"facial_swelling_or_breathing": Told(True, "tongue swollen")})[0].urgency
        is Urgency.EMERGENCY
    )
