"""Every rule at its boundary, and what each of them has to say for itself."""

import pytest

from derm_xai.records import ClinicalContext
from derm_xai.triage.engine import fields_read, fire, rule_book
from derm_xai.triage.texts import translated
from derm_xai.vocabulary import AnatomSite, Diagnosis, Urgency
from tests.triage.toy import BLURRED, CALM, FLAGS, advice, facts, fired, ids

BOUNDARIES = [
    ("R1", {"grew": True}, False),  # 2 points
    ("R1", {"grew": True, "itch": True}, True),  # 3
    ("R1", {"itch": True, "hurt": True, "inflammation": True}, False),  # itch and pain are one item: 2
    ("R1", {"oozing": True, "inflammation": True, "diameter_mm": 6.9}, False),  # 2
    ("R1", {"oozing": True, "inflammation": True, "diameter_mm": 7}, True),  # 3
    ("R1", {"irregular_shape": True, "irregular_colour": True}, True),  # 4
    ("R1", {"changed": True, "irregular_shape": True, "change_in_shape": True}, False),  # one item: 2
    ("R1", {"change_in_colour": True, "diameter_mm": 7}, True),  # 3
    ("R1", {"bleed": True, "oozing": True, "grew": False}, False),  # one item: 1
    ("R1", {"strong_concern": True}, True),
    ("R2", {"dermoscopy_suggests_melanoma": True}, True),
    ("R2", {"dermoscopy_suggests_melanoma": False}, False),
    ("R3", {"elevation": True, "grew": True}, False),
    ("R3", {"elevation": True, "grew": True, "dermoscopy_suggests_melanoma": True}, True),
    ("R4", {"crust": True}, False),
    ("R4", {"crust": True, "diameter_mm": 10}, False),
    ("R4", {"crust": True, "diameter_mm": 10.5}, True),
    ("R4", {"crust": True, "ulceration": True}, False),  # one item
    ("R4", {"crust": True, "firm": True}, True),
    ("R4", {"rapid_growth": True, "immunosuppressed": True}, True),
    ("R4", {"rapid_growth": True, "immunosuppressed": False}, False),
    ("R7", {"atypical_network": True}, False),  # 2 points
    ("R7", {"atypical_network": True, "irregular_dots": True}, True),  # 3
    ("R7", {"irregular_streaks": True, "irregular_dots": True}, False),  # 2
    ("R7", {"irregular_streaks": True, "irregular_dots": True, "irregular_blotches": True}, True),  # 3
    ("R7", {"irregular_streaks": True, "irregular_dots": True, "regression_structures": True}, True),
    ("R7", {"blue_white_veil": True, "atypical_vessels": True}, True),  # 4
    ("R8", {"diameter_mm": 6, "irregular_shape": True}, False),
    ("R8", {"diameter_mm": 6.1, "irregular_shape": True}, True),
    ("R9", {"elevation": True, "firm": True, "grew": True, "duration_days": 30}, False),
    ("R9", {"elevation": True, "firm": True, "grew": True, "duration_days": 31}, True),
    ("R9", {"elevation": True, "firm": True, "duration_days": 31}, False),
    ("R9-undated", {"elevation": True, "firm": True, "grew": True}, True),
    ("R10", {"ugly_duckling": True}, True),
    ("R10", {"ugly_duckling": False}, False),
    ("R11", {"diameter_mm": 6}, False),
    ("R11", {"diameter_mm": 6.1}, True),
    ("R11", {"irregular_colour": True}, True),
    ("R17-nail", {"nail_band": True}, True),
    ("R17-site", {"acral_or_mucosal_site": True}, False),
    ("R17-site", {"acral_or_mucosal_site": True, "irregular_colour": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.GENITAL, "new_lesion": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.FOOT, "bleed": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.TRUNK, "bleed": True}, False),
    ("R17-new", {"new_lesion": True, "age": 49}, False),
    ("R17-new", {"new_lesion": True, "age": 50}, True),
    ("R17-new", {"new_lesion": True}, False),
    ("R17-new-suspicious", {"new_lesion": True, "age": 50}, False),
    ("R17-new-suspicious", {"new_lesion": True, "age": 50, "ulceration": True}, True),
    ("R17-new-suspicious", {"new_lesion": True, "age": 49, "ulceration": True}, False),
    ("E1", {"new_drug": True, "fever": True}, False),
    ("E1", {"new_drug": True, "fever": True, "hurt": True}, True),
    ("E1", {"fever": True, "hurt": True, "blisters": True}, False),  # without a medicine
    ("E1", {"new_drug": True, "blisters": True, "mucosal_lesions": True}, True),
    ("E1-mucosa", {"mucosal_lesions": True}, False),
    ("E1-mucosa", {"mucosal_lesions": True, "fever": True}, True),
    ("E1-mucosa", {"mucosal_lesions": True, "blisters": True}, True),
    ("E1-mucosa", {"fever": True, "blisters": True}, False),
    ("E1-skin", {"mucosal_lesions": True, "hurt": True}, False),
    ("E1-skin", {"mucosal_lesions": True, "hurt": True, "widespread_rash": True}, True),
    ("E1-drug", {"new_drug": True}, False),
    ("E1-drug", {"new_drug": True, "blisters": True}, True),
    ("E1-drug", {"new_drug": True, "fever": True}, True),
    ("E1-drug", {"blisters": True, "mucosal_lesions": True}, False),
    ("E1-rash", {"new_drug": True, "widespread_rash": True}, False),
    ("E1-rash", {"new_drug": True, "widespread_rash": True, "fever": True}, True),
    ("E2", {"pain_out_of_proportion": True}, False),
    ("E2", {"pain_out_of_proportion": True, "swelling_beyond_redness": True}, True),
    ("E2", {"pain_out_of_proportion": True, "unwell": True}, True),
    ("E2", {"unwell": True, "fever": True}, False),  # one item
    ("E2-spread", {"pain_out_of_proportion": True, "spreading_redness": True}, True),
    ("E2-spread", {"blisters": True, "spreading_redness": True}, False),
    ("E2-one", {"swelling_beyond_redness": True}, True),
    ("E3", {"non_blanching": True}, False),
    ("E3", {"non_blanching": True, "fever": True}, True),
    ("E3", {"non_blanching": True, "unwell": True}, True),
    ("E3", {"non_blanching": False, "fever": True}, False),
    ("E4-airway", {"facial_swelling_or_breathing": True}, True),
    ("E4-purpura", {"non_blanching": True}, True),
    ("E4-erythroderma", {"erythroderma": True}, True),
    ("E4-erythroderma", {"widespread_rash": True}, False),
    ("E4-cellulitis", {"spreading_redness": True}, False),
    ("E4-cellulitis", {"spreading_redness": True, "fever": True}, True),
    ("E4-eye", {"eye_involved": True}, False),
    ("E4-eye", {"eye_involved": True, "spreading_redness": True}, True),
    ("E4-herpeticum", {"blisters": True}, False),
    ("E4-herpeticum", {"blisters": True, "fever": True}, True),
    ("E4-scalded", {"widespread_rash": True, "hurt": True}, False),
    ("E4-scalded", {"widespread_rash": True, "hurt": True, "fever": True}, True),
    ("E4-unwell", {"unwell": True}, True),
    ("R6", {"itch": True}, True),
    ("R6", {"grew": True, "itch": True}, False),
]
WITH_MODEL = [
    ("R5", Diagnosis.BCC, {}, True),
    ("R5-site", Diagnosis.BCC, {"high_risk_site": True}, True),
    ("R5-site", Diagnosis.NV, {"high_risk_site": True}, False),
    ("R5-size", Diagnosis.BCC, {"diameter_mm": 19.9}, False),
    ("R5-size", Diagnosis.BCC, {"diameter_mm": 20}, True),
    ("R5-size", Diagnosis.NV, {"diameter_mm": 20}, False),
    ("R5-size-head", Diagnosis.BCC, {"diameter_mm": 9.9, "anatom_site": AnatomSite.HEAD_NECK_FACE}, False),
    ("R5-size-head", Diagnosis.BCC, {"diameter_mm": 10, "anatom_site": AnatomSite.HEAD_NECK_FACE}, True),
    ("R5-size-head", Diagnosis.BCC, {"diameter_mm": 10, "anatom_site": AnatomSite.TRUNK}, False),
    ("R17-pigment", Diagnosis.NV, {"acral_or_mucosal_site": True}, True),
    ("R17-pigment", Diagnosis.BKL, {"acral_or_mucosal_site": True}, False),
    ("R17-site", Diagnosis.SCCKA, {"acral_or_mucosal_site": True}, True),
    ("R17-new-suspicious", Diagnosis.NV, {"new_lesion": True, "age": 50}, True),
    ("M1", Diagnosis.SCCKA, {}, True),
    ("M2", Diagnosis.BCC, {}, True),
    ("C1", Diagnosis.NV, {}, False),
]


@pytest.mark.parametrize(("rule", "answers", "fires"), BOUNDARIES)
def test_a_rule_fires_from_its_boundary(rule, answers, fires):
    assert (rule in fired(**answers)) is fires


@pytest.mark.parametrize(("rule", "leading", "answers", "fires"), WITH_MODEL)
def test_a_rule_that_asks_the_model_fires_from_its_boundary(rule, leading, answers, fires):
    assert (rule in ids(advice(leading, ClinicalContext(**answers)).reasons)) is fires


def test_every_rule_has_a_test_at_its_boundary():
    tested = {case[0] for case in (*BOUNDARIES, *WITH_MODEL)}
    assert tested == {rule.id for rule in rule_book().rule}


def test_a_reason_lists_its_items_with_points_and_origin():
    (reason,) = [each for each in fire(facts(grew=True, itch=True)) if each.rule_id == "R1"]
    assert [(fact.text, fact.points, fact.origin) for fact in reason.facts] == [
        ("change in size", 2, "form"),
        ("change in sensation (itch, pain, tingling)", 1, "form"),
    ]
    assert reason.source.startswith("NICE NG12")


def test_the_most_urgent_rule_comes_first():
    reasons = fire(facts(grew=True, irregular_colour=True, non_blanching=True, fever=True))
    assert reasons[0].rule_id == "E3"
    ranks = [reason.urgency.rank for reason in reasons]
    assert ranks == sorted(ranks, reverse=True)


def test_rules_stand_in_the_file_most_urgent_first():
    ranks = [rule.urgency.rank for rule in rule_book().rule]
    assert ranks == sorted(ranks, reverse=True)


def test_every_rule_has_a_source_a_grade_that_may_be_shown_and_both_languages():
    for rule in (*rule_book().rule, rule_book().reassurance):
        assert rule.source
        assert rule.grade in {"A", "B", "A/B", "model", "own"}
        assert (rule.grade == "own") is rule.source.startswith("This project's own")
        for text in (rule.text, *(item.text for item in rule.items)):
            assert text.en.strip()
            assert text.fr.strip()
            assert text.fr != text.en or text.en == "inflammation"
    assert len({rule.id for rule in rule_book().rule}) == len(rule_book().rule)


def test_a_reason_can_be_read_in_french():
    (reason,) = fire(facts(nail_band=True))
    assert translated(reason.text, "fr").startswith("À ne pas manquer")
    assert translated(reason.text, "en") == reason.text
    assert translated("Not among them.", "fr") == "Not among them."


@pytest.mark.parametrize("urgency", Urgency)
def test_all_that_an_advice_says_can_be_read_in_french(urgency):
    cases = {
        Urgency.EMERGENCY: {"context": ClinicalContext(facial_swelling_or_breathing=True)},
        Urgency.SAME_DAY: {"context": ClinicalContext(erythroderma=True)},
        Urgency.SUSPECTED_CANCER: {"context": ClinicalContext(strong_concern=True), "pathway": "uk"},
        Urgency.ROUTINE_REFERRAL: {"leading": Diagnosis.BCC, "pathway": "france"},
        Urgency.SEE_PERSON: {"entropy": 9.0, "views": (Diagnosis.NV, Diagnosis.MEL), "held": (Diagnosis.MEL,)},
        Urgency.RETAKE_PHOTO: {"quality": BLURRED, "novel": True},
        Urgency.REVIEW_8_WEEKS: {"context": ClinicalContext(itch=True, skin_tone=1), "held": (Diagnosis.AKIEC,)},
        Urgency.REASSURE: {"context": CALM},
    }
    advised = advice(**cases[urgency])
    assert advised.urgency is urgency
    said = [*advised.next_steps, *advised.conflicts, *advised.not_reassured_because, advised.pathway]
    said += [why for why in advised.abstained_because if not why.startswith("clinical photo")]
    said += [text for reason in advised.reasons for text in (reason.text, *(fact.text for fact in reason.facts))]
    said += [text for pair in advised.look_alikes for text in (pair.name, *(feature.text for feature in pair.features))]
    same = {"inflammation"}
    assert not [sentence for sentence in said if translated(sentence, "fr") == sentence and sentence not in same]


def test_every_fact_that_a_rule_counts_can_be_stated():
    by_model = {
        *("model_melanoma", "model_squamous", "model_basal", "model_melanoma_dermoscopic", "model_melanocytic"),
        *("model_referral", "model_malignancy", "model_malignant", "model_not_ruled_out"),
    }
    sites = {f"site_{site}" for site in AnatomSite}
    counted = {fact for rule in rule_book().rule for item in rule.items for fact in item.any}
    assert counted <= set(FLAGS) | set(rule_book().measures) | by_model | sites
    assert {"grew", "age", "diameter_mm", "anatom_site"} <= fields_read()


def test_a_family_history_is_not_the_patients():
    assert fired(family_melanoma=True) == {"R6"}


def test_no_rule_lies_below_a_review():
    assert min(rule.urgency.rank for rule in rule_book().rule) == Urgency.REVIEW_8_WEEKS.rank
