import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derm_xai.classify.checkpoint import Abstention, Thresholds
from derm_xai.records import ClinicalContext, Differential, Estimate, ImageQuality, Lesion, Novelty, PhotoRecord, Prediction
from derm_xai.triage.engine import advise, context_facts, fire, model_facts, rule_book
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, Diagnosis, ImageType, Urgency

THRESHOLDS = Thresholds(
    malignancy=0.3,
    melanoma=0.1,
    referral=0.2,
    abstention=Abstention(score="predictive entropy", limit=2.0),
    novelty=1.5,
    prediction_sets={},
    class_mix={},
    quality={"lesion_share": 0, "edge_share": 1, "concepts": {}},
)
SHARP = ImageQuality(ok=True, reasons=(), sharpness=100, brightness=120, contrast=30)
BLURRED = ImageQuality(ok=False, reasons=("The photo is blurred: take it again.",), sharpness=1, brightness=120, contrast=30)
FLAGS = sorted(name for name, field in ClinicalContext.model_fields.items() if field.annotation == bool | None)


def predicted(
    leading: Diagnosis, probability: float = 0.9, *, entropy: float = 0.5, novel: bool = False, photo: Diagnosis | None = None
) -> Prediction:
    def share(diagnosis: Diagnosis, of: Diagnosis) -> float:
        # what the leading diagnosis leaves goes to the naevus, or from the naevus to the keratosis
        rest = Diagnosis.BKL if of is Diagnosis.NV else Diagnosis.NV
        return {of: probability, rest: 1 - probability}.get(diagnosis, 0.0)

    return Prediction(
        differentials=tuple(
            Differential(
                diagnosis=each,
                probability=Estimate(value=share(each, leading), low=0, high=1),
                probability_photo=share(each, photo or leading),
                probability_notes=1 / 11,
            )
            for each in DIAGNOSES
        ),
        malignancy=Estimate(value=probability if leading in MALIGNANT else 0.0, low=0, high=1),
        samples=(),
        doubts={"predictive entropy": entropy, "mutual information": 0.1},
        prediction_sets={"0.90": (leading,), "0.95": (leading,)},
        novelty=Novelty(score=2.0 if novel else 1.0, limit=1.5, flagged=novel),
        model_id="toy",
    )


def photographed(image_type: ImageType, quality: ImageQuality) -> PhotoRecord:
    seen = Lesion(mask=("#",), share=1, edge_share=1)
    return PhotoRecord(
        sha256="ab", image_type=image_type, width=9, height=9, quality=quality, concepts={}, lesion=seen, synthetic=False
    )


def advice(leading=Diagnosis.NV, context=None, image_type=ImageType.CLINICAL, quality=SHARP, thresholds=THRESHOLDS, **how):
    return advise(predicted(leading, **how), context or ClinicalContext(), [photographed(image_type, quality)], thresholds)


def ids(reasons) -> set[str]:
    return {reason.rule_id for reason in reasons}


@pytest.mark.parametrize(
    ("answers", "fires"),
    [
        ({"grew": True}, False),  # 2 points
        ({"grew": True, "itch": True}, True),  # 3
        ({"grew": True, "itch": True, "hurt": True}, True),  # itch and pain are one item: still 3
        ({"itch": True, "hurt": True, "inflammation": True}, False),  # 2
        ({"oozing": True, "inflammation": True, "diameter_mm": 6.9}, False),  # 2
        ({"oozing": True, "inflammation": True, "diameter_mm": 7}, True),  # 3
        ({"irregular_shape": True, "irregular_colour": True}, True),  # 4
        ({"changed": True, "irregular_shape": True}, False),  # one item: 2
        ({"bleed": True, "oozing": True, "grew": False}, False),  # one item: 1
        ({"strong_concern": True}, True),
    ],
)
def test_r1_fires_from_three_points(answers, fires):
    assert ("R1" in ids(fire(context_facts(ClinicalContext(**answers))))) is fires


def test_r1_lists_its_items_with_points_and_origin():
    (reason,) = fire(context_facts(ClinicalContext(grew=True, itch=True)))
    assert [(fact.text, fact.points, fact.origin) for fact in reason.facts] == [
        ("change in size", 2, "form"),
        ("change in sensation (itch, pain, tingling)", 1, "form"),
    ]
    assert reason.source.startswith("NICE NG12")


def test_r2_fires_on_the_clinicians_dermoscopy_or_on_melanoma_leading_with_a_dermoscopic_photo():
    assert "R2" in ids(advice(context=ClinicalContext(dermoscopy_suggests_melanoma=True)).reasons)
    assert "R2" in ids(advice(Diagnosis.MEL, image_type=ImageType.DERMOSCOPIC).reasons)
    assert "R2" not in ids(advice(Diagnosis.MEL, image_type=ImageType.CLINICAL).reasons)


def test_r3_needs_raised_growing_and_melanoma():
    raised = ClinicalContext(elevation=True, grew=True)
    assert "R3" in ids(advice(Diagnosis.MEL, context=raised).reasons)
    assert "R3" not in ids(advice(Diagnosis.NV, context=raised).reasons)
    assert "R3" not in ids(advice(Diagnosis.MEL, context=ClinicalContext(elevation=True)).reasons)


@pytest.mark.parametrize(
    ("answers", "fires"),
    [
        ({"crust": True}, False),
        ({"crust": True, "diameter_mm": 10}, False),
        ({"crust": True, "diameter_mm": 10.5}, True),
        ({"rapid_growth": True, "immunosuppressed": True}, True),
        ({"rapid_growth": True, "immunosuppressed": False}, False),
    ],
)
def test_r4_cues(answers, fires):
    assert ("R4" in ids(fire(context_facts(ClinicalContext(**answers))))) is fires


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


def test_poor_quality_asks_for_another_photo_and_lowers_nothing():
    blurred = advice(quality=BLURRED)
    assert blurred.abstained
    assert blurred.urgency is Urgency.RETAKE_PHOTO
    assert advice(Diagnosis.MEL, quality=BLURRED).urgency is Urgency.SUSPECTED_CANCER


def test_a_novel_photo_gives_no_model_reason_and_a_person():
    novel = advice(Diagnosis.MEL, novel=True)
    assert novel.abstained
    assert novel.urgency is Urgency.SEE_PERSON
    assert not model_facts(predicted(Diagnosis.MEL, novel=True), [ImageType.DERMOSCOPIC], THRESHOLDS)


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


contexts = st.fixed_dictionaries(
    {name: st.sampled_from([None, False, True]) for name in FLAGS} | {"diameter_mm": st.none() | st.floats(0.5, 40)}
)


@settings(max_examples=1000, deadline=None)
@given(contexts, st.sampled_from(FLAGS), st.sampled_from(DIAGNOSES))
def test_adding_a_red_flag_never_lowers_urgency(answers, flag, leading):
    before = advice(leading, ClinicalContext(**answers)).urgency
    after = advice(leading, ClinicalContext(**answers | {flag: True})).urgency
    assert after.rank >= before.rank


@settings(max_examples=1000, deadline=None)
@given(contexts)
def test_no_and_not_recorded_never_score(answers):
    silent = {name: None if value is False else value for name, value in answers.items()}
    assert context_facts(ClinicalContext(**answers)) == context_facts(ClinicalContext(**silent))


def test_every_fact_that_a_rule_counts_can_be_stated():
    stated = set(FLAGS) | {"diameter_7_mm", "diameter_over_10_mm"}
    by_model = {
        "model_melanoma",
        "model_squamous",
        "model_basal",
        "model_melanoma_dermoscopic",
        "model_referral",
        "model_malignancy",
    }
    counted = {fact for rule in rule_book().rule for item in rule.items for fact in item.any}
    assert counted <= stated | by_model


def test_every_urgency_has_next_steps():
    assert set(rule_book().next_steps) == set(Urgency)
