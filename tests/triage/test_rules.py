"""Every rule at its boundary, and what each of them has to say for itself."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest

from derm_xai.notes.prefill import Told
from derm_xai.records import ClinicalContext
from derm_xai.triage.engine import Item, Rule, fields_read, fire, reason_of, rule_book
from derm_xai.triage.facts import Facts, Origin, context_facts, model_facts
from derm_xai.triage.texts import translated
from derm_xai.vocabulary import AnatomSite, Diagnosis, ImageType, Urgency
from tests.triage.toy import BLURRED, CALM, FLAGS, THRESHOLDS, advice, facts, fired, ids, predicted


def yes(*names, **more):
    return dict.fromkeys(names, True) | more


EVOLUTION = ("grew", "rapid_growth", "changed", "change_in_shape", "change_in_colour")

BOUNDARIES = [
    *((rule.id, {}, False) for rule in rule_book().rule if not rule.last_resort),
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
    *(("R1", yes(sign, "itch"), True) for sign in ("rapid_growth", "change_in_shape", "changed")),  # 2 + 1
    *(("R1", yes("grew", sign), True) for sign in ("bleed", "altered_sensation", "hurt")),  # 2 + 1
    ("R1", {"irregular_colour": True}, False),  # 2
    ("R1", {"itch": True, "diameter_mm": 7}, False),  # 2
    ("R2", {"dermoscopy_suggests_melanoma": True}, True),
    ("R2", {"dermoscopy_suggests_melanoma": False}, False),
    ("R3", {"elevation": True, "grew": True}, False),
    ("R3", {"elevation": True, "grew": True, "dermoscopy_suggests_melanoma": True}, True),
    ("R3", {"elevation": True, "rapid_growth": True, "dermoscopy_suggests_melanoma": True}, True),
    ("R3", {"elevation": True, "dermoscopy_suggests_melanoma": True}, False),
    ("R4", {"crust": True}, False),
    ("R4", {"crust": True, "diameter_mm": 10}, False),
    ("R4", {"crust": True, "diameter_mm": 10.5}, True),
    ("R4", {"crust": True, "ulceration": True}, False),  # one item
    ("R4", {"crust": True, "firm": True}, True),
    ("R4", {"ulceration": True, "firm": True}, True),
    *(("R4", {sign: True}, False) for sign in ("firm", "immunosuppressed", "rapid_growth")),
    ("R4", {"diameter_mm": 10.5}, False),
    ("R4", {"rapid_growth": True, "immunosuppressed": True}, True),
    ("R4", {"rapid_growth": True, "immunosuppressed": False}, False),
    ("R7", {"atypical_network": True}, False),  # 2 points
    ("R7", {"atypical_network": True, "irregular_dots": True}, True),  # 3
    ("R7", {"irregular_streaks": True, "irregular_dots": True}, False),  # 2
    ("R7", {"irregular_streaks": True, "irregular_dots": True, "irregular_blotches": True}, True),  # 3
    ("R7", {"irregular_streaks": True, "irregular_dots": True, "regression_structures": True}, True),
    ("R7", {"blue_white_veil": True, "atypical_vessels": True}, True),  # 4
    *(("R7", {sign: True}, False) for sign in ("blue_white_veil", "atypical_vessels")),  # 2
    *(("R7", yes(sign, "irregular_dots"), True) for sign in ("blue_white_veil", "atypical_vessels")),  # 3
    *(("R7", yes(sign, "irregular_dots"), False) for sign in ("irregular_blotches", "regression_structures")),  # 2
    ("R8", {"diameter_mm": 6, "irregular_shape": True}, False),
    ("R8", {"diameter_mm": 6.1, "irregular_shape": True}, True),
    *(("R8", yes(sign, diameter_mm=6.1), True) for sign in ("irregular_colour", *EVOLUTION)),
    *(("R8", {sign: True}, False) for sign in ("irregular_colour", "grew")),
    ("R8", {"diameter_mm": 6.1}, False),
    ("R8", {"irregular_shape": True, "grew": True}, True),
    ("R9", {"elevation": True, "firm": True, "grew": True, "duration_days": 30}, False),
    ("R9", {"elevation": True, "firm": True, "grew": True, "duration_days": 31}, True),
    ("R9", {"elevation": True, "firm": True, "rapid_growth": True, "duration_days": 31}, True),
    ("R9", {"elevation": True, "firm": True, "duration_days": 31}, False),
    ("R9-undated", {"elevation": True, "firm": True, "grew": True}, True),
    ("R9-undated", {"elevation": True, "firm": True, "rapid_growth": True}, True),
    ("R9-undated", {"elevation": True, "firm": True}, False),
    ("R9-undated", {"elevation": True, "grew": True}, False),
    ("R10", {"ugly_duckling": True}, True),
    ("R10", {"ugly_duckling": False}, False),
    ("R11", {"diameter_mm": 6}, False),
    ("R11", {"diameter_mm": 6.1}, True),
    *(("R11", {sign: True}, True) for sign in ("irregular_shape", "irregular_colour", *EVOLUTION)),
    ("R17-nail", {"nail_band": True}, True),
    ("R17-site", {"acral_or_mucosal_site": True}, False),
    ("R17-site", {"acral_or_mucosal_site": True, "irregular_colour": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.GENITAL, "new_lesion": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.FOOT, "bleed": True}, True),
    ("R17-site", {"anatom_site": AnatomSite.HAND, "bleed": True}, True),
    *(("R17-site", yes(sign, anatom_site=AnatomSite.FOOT), True) for sign in (*EVOLUTION, "irregular_shape", "ulceration")),
    ("R17-site", {"anatom_site": AnatomSite.TRUNK, "bleed": True}, False),
    ("R17-new", {"new_lesion": True, "age": 49}, False),
    ("R17-new", {"new_lesion": True, "age": 50}, True),
    ("R17-new", {"new_lesion": True}, False),
    ("R17-new", {"age": 50}, False),
    ("R17-new-suspicious", {"new_lesion": True, "age": 50}, False),
    ("R17-new-suspicious", {"new_lesion": True, "age": 50, "ulceration": True}, True),
    ("R17-new-suspicious", {"new_lesion": True, "age": 49, "ulceration": True}, False),
    *(
        ("R17-new-suspicious", yes("new_lesion", sign, age=50), True)
        for sign in ("irregular_shape", "irregular_colour", "change_in_shape", "change_in_colour", "changed", "bleed")
    ),
    ("E1", {"new_drug": True, "fever": True}, False),
    ("E1", {"new_drug": True, "fever": True, "hurt": True}, True),
    ("E1", {"fever": True, "hurt": True, "blisters": True}, False),  # without a medicine
    ("E1", {"new_drug": True, "blisters": True, "mucosal_lesions": True}, True),
    ("E1", {"new_drug": True, "pain_out_of_proportion": True, "fever": True}, True),
    *(("E1", yes("new_drug", sign), False) for sign in ("hurt", "mucosal_lesions", "blisters")),
    ("E1-mucosa", {"mucosal_lesions": True}, False),
    ("E1-mucosa", {"mucosal_lesions": True, "fever": True}, True),
    ("E1-mucosa", {"mucosal_lesions": True, "blisters": True}, True),
    ("E1-mucosa", {"fever": True, "blisters": True}, False),
    ("E1-skin", {"mucosal_lesions": True, "hurt": True}, False),
    ("E1-skin", {"mucosal_lesions": True, "widespread_rash": True}, False),
    ("E1-skin", {"mucosal_lesions": True, "hurt": True, "widespread_rash": True}, True),
    ("E1-skin", {"mucosal_lesions": True, "hurt": True, "erythroderma": True}, True),
    ("E1-skin", {"mucosal_lesions": True, "pain_out_of_proportion": True, "widespread_rash": True}, True),
    ("E1-drug", {"new_drug": True}, False),
    ("E1-drug", {"new_drug": True, "blisters": True}, True),
    ("E1-drug", {"new_drug": True, "fever": True}, True),
    ("E1-drug", {"new_drug": True, "mucosal_lesions": True}, True),
    ("E1-drug", {"blisters": True, "mucosal_lesions": True}, False),
    ("E1-rash", {"new_drug": True, "widespread_rash": True}, False),
    ("E1-rash", {"new_drug": True, "widespread_rash": True, "fever": True}, True),
    ("E1-rash", {"new_drug": True, "erythroderma": True, "fever": True}, True),
    *(("E1-rash", yes("new_drug", "widespread_rash", sign), True) for sign in ("unwell", "hurt", "pain_out_of_proportion")),
    ("E1-rash", {"new_drug": True, "fever": True}, False),
    ("E2", {"pain_out_of_proportion": True}, False),
    ("E2", {"pain_out_of_proportion": True, "swelling_beyond_redness": True}, True),
    ("E2", {"pain_out_of_proportion": True, "unwell": True}, True),
    ("E2", {"unwell": True, "fever": True}, False),  # one item
    ("E2", {"swelling_beyond_redness": True, "fever": True}, True),
    ("E2", {"swelling_beyond_redness": True}, False),
    ("E2-spread", {"pain_out_of_proportion": True}, False),
    ("E2-spread", {"pain_out_of_proportion": True, "spreading_redness": True}, True),
    ("E2-spread", {"pain_out_of_proportion": True, "blisters": True}, True),
    ("E2-spread", {"blisters": True, "spreading_redness": True}, False),
    ("E2-one", {"swelling_beyond_redness": True}, True),
    ("E2-one", {"pain_out_of_proportion": True}, True),
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
    ("E4-cellulitis", {"spreading_redness": True, "unwell": True}, True),
    ("E4-eye", {"eye_involved": True}, False),
    *(
        ("E4-eye", yes("eye_involved", sign), True)
        for sign in ("spreading_redness", "swelling_beyond_redness", "inflammation", "hurt", "blisters", "fever", "unwell")
    ),
    ("E4-herpeticum", {"blisters": True}, False),
    *(("E4-herpeticum", yes("blisters", sign), True) for sign in ("fever", "unwell", "widespread_rash", "erythroderma")),
    ("E4-scalded", {"widespread_rash": True, "hurt": True}, False),
    ("E4-scalded", {"widespread_rash": True, "hurt": True, "fever": True}, True),
    ("E4-scalded", {"erythroderma": True, "hurt": True, "fever": True}, True),
    ("E4-scalded", {"widespread_rash": True, "pain_out_of_proportion": True, "fever": True}, True),
    ("E4-scalded", {"widespread_rash": True, "hurt": True, "blisters": True}, True),
    ("E4-scalded", {"widespread_rash": True, "fever": True}, False),
    ("E4-unwell", {"unwell": True}, True),
    ("R6", {"itch": True}, True),
    ("R6", {"grew": True, "itch": True}, False),
]
MODELS = {
    **{str(leading): {"leading": leading} for leading in Diagnosis},
    "MEL in a dermoscopic photo": {"leading": Diagnosis.MEL, "image_type": ImageType.DERMOSCOPIC},
    "MEL, SCCKA in its set": {"leading": Diagnosis.MEL, "held": (Diagnosis.SCCKA,)},
    "NV, SCCKA in its set": {"leading": Diagnosis.NV, "held": (Diagnosis.SCCKA,)},
}
WITH_MODEL = [
    ("R2", "MEL", {}, False),
    ("R2", "MEL in a dermoscopic photo", {}, True),
    ("R3", "MEL", {"elevation": True, "grew": True}, True),
    ("R3", "NV", {"elevation": True, "grew": True}, False),
    ("R3", "MEL", {"elevation": True}, False),
    ("R4", "SCCKA", {}, True),
    ("R5", "BCC", {}, True),
    ("R5-site", "BCC", {}, False),
    ("R5-site", "BCC", {"high_risk_site": True}, True),
    ("R5-site", "NV", {"high_risk_site": True}, False),
    ("R5-size", "BCC", {"diameter_mm": 19.9}, False),
    ("R5-size", "BCC", {"diameter_mm": 20}, True),
    ("R5-size", "NV", {"diameter_mm": 20}, False),
    ("R5-size-head", "BCC", {"diameter_mm": 9.9, "anatom_site": AnatomSite.HEAD_NECK_FACE}, False),
    ("R5-size-head", "BCC", {"diameter_mm": 10, "anatom_site": AnatomSite.HEAD_NECK_FACE}, True),
    ("R5-size-head", "BCC", {"diameter_mm": 10, "high_risk_site": True}, True),
    ("R5-size-head", "BCC", {"diameter_mm": 10, "anatom_site": AnatomSite.TRUNK}, False),
    ("R5-size-head", "NV", {"diameter_mm": 10, "anatom_site": AnatomSite.HEAD_NECK_FACE}, False),
    ("R17-pigment", "NV", {"acral_or_mucosal_site": True}, True),
    ("R17-pigment", "BKL", {"acral_or_mucosal_site": True}, False),
    ("R17-pigment", "NV", {"anatom_site": AnatomSite.TRUNK}, False),
    *(("R17-pigment", "NV", {"anatom_site": site}, True) for site in (AnatomSite.HAND, AnatomSite.FOOT, AnatomSite.GENITAL)),
    ("R17-site", "SCCKA", {"acral_or_mucosal_site": True}, True),
    ("R17-new-suspicious", "NV", {"new_lesion": True, "age": 50}, True),
    ("M1", "SCCKA", {}, True),
    ("M2", "BCC", {}, True),
    ("C1", "NV", {}, False),
    ("C1", "MEL", {}, False),  # it leads, so it is not merely "not ruled out"
    ("C1", "MEL, SCCKA in its set", {}, True),
    ("C1", "NV, SCCKA in its set", {}, True),
]
URGENCY = {
    Urgency.EMERGENCY: {"E1", "E1-mucosa", "E1-skin", "E2", "E2-spread", "E3", "E4-airway"},
    Urgency.SAME_DAY: {
        *("E1-drug", "E1-rash", "E2-one", "E4-purpura", "E4-erythroderma", "E4-cellulitis"),
        *("E4-eye", "E4-herpeticum", "E4-scalded", "E4-unwell"),
    },
    Urgency.SUSPECTED_CANCER: {
        *("R1", "R2", "R3", "R4", "R5-site", "R5-size", "R5-size-head", "R7", "R9", "R10"),
        *("R17-nail", "R17-site", "R17-new-suspicious", "M1"),
    },
    Urgency.ROUTINE_REFERRAL: {"R5", "R8", "R11", "R17-pigment", "M2"},
    Urgency.SEE_PERSON: {"R9-undated", "R17-new", "C1"},
    Urgency.REVIEW_8_WEEKS: {"R6"},
}


@pytest.mark.parametrize(("rule", "answers", "fires"), BOUNDARIES)
def test_a_rule_fires_from_its_boundary(rule, answers, fires):
    assert (rule in fired(**answers)) is fires


@pytest.mark.parametrize(("rule", "model", "answers", "fires"), WITH_MODEL)
def test_a_rule_that_asks_the_model_fires_from_its_boundary(rule, model, answers, fires):
    assert (rule in ids(advice(context=ClinicalContext(**answers), **MODELS[model]).reasons)) is fires


def test_every_rule_asks_for_its_urgency():
    found = {urgency: {rule.id for rule in rule_book().rule if rule.urgency is urgency} for urgency in Urgency}
    assert {urgency: rules for urgency, rules in found.items() if rules} == URGENCY


def facts_with(model, answers) -> Facts:
    how = dict(MODELS[model])
    image_type = how.pop("image_type", ImageType.CLINICAL)
    return facts(**answers) | model_facts(predicted(**how), [image_type], THRESHOLDS)


def otherwise(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The rule with one thing changed: what it needs, or an item's points, whether it is required, or a fact less."""

    def with_item(place: int, **changed) -> Rule:
        item = rule.items[place].model_copy(update=changed)
        return rule.model_copy(update={"items": (*rule.items[:place], item, *rule.items[place + 1 :])})

    for needs in (rule.needs - 1, rule.needs + 1):
        yield f"needs {needs}", rule.model_copy(update={"needs": needs})
    for place, item in enumerate(rule.items):
        for points in (item.points - 1, item.points + 1):
            yield f"{item.any}: {points} points", with_item(place, points=points)
        yield f"{item.any}: required {not item.required}", with_item(place, required=not item.required)
        for fact in item.any:
            yield f"without {fact}", with_item(place, any=tuple(each for each in item.any if each != fact))


def answers_of(rule: Rule, known: Sequence[Facts]) -> list[bool]:
    return [reason_of(rule, each) is not None for each in known]


def each_set_of(items: Sequence[Item]) -> list[Facts]:
    """All facts of each set of items."""
    sets = [some for size in range(len(items) + 1) for some in combinations(items, size)]
    return [dict.fromkeys((fact for item in some for fact in item.any), Origin("form")) for some in sets]


@pytest.mark.parametrize("rule", [rule for rule in rule_book().rule if not rule.last_resort], ids=lambda rule: rule.id)
def test_every_fact_and_number_of_a_rule_decides_a_case_above(rule):
    known = [facts(**answers) for name, answers, _ in BOUNDARIES if name == rule.id]
    known += [facts_with(model, answers) for name, model, answers, _ in WITH_MODEL if name == rule.id]
    now, whole = answers_of(rule, known), answers_of(rule, sets := each_set_of(rule.items))
    # points more than enough, or "required" where nothing else would be enough, change no answer to any set of items
    unseen = [
        what
        for what, changed in otherwise(rule)
        if answers_of(changed, known) == now and (what.startswith("without ") or answers_of(changed, sets) != whole)
    ]
    assert not unseen


def test_a_reason_lists_its_items_with_points_and_origin():
    (reason,) = [each for each in fire(facts(grew=True, itch=True)) if each.rule_id == "R1"]
    assert [(fact.text, fact.points, fact.origin) for fact in reason.facts] == [
        ("change in size", 2, "form"),
        ("change in sensation (itch, pain, tingling)", 1, "form"),
    ]
    assert reason.source.startswith("NICE NG12")


def test_of_two_answers_that_make_one_item_the_forms_is_shown_before_the_notes():
    read = {"hurt": Told(True, "sore"), "grew": Told(True, "grew")}
    found = context_facts(ClinicalContext(itch=True), rule_book().measures, read)
    (reason,) = [each for each in fire(found) if each.rule_id == "R1"]
    assert [(fact.points, fact.origin) for fact in reason.facts] == [(2, "note"), (1, "form")]


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
