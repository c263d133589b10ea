import pytest

from derm_xai.explain.curves import Curves
from derm_xai.explain.leastregion import LeastRegion
from derm_xai.present.changes import answer_words, change_sentences, curves_sentence, least_sentence
from derm_xai.records import Answer, NotesChange
from derm_xai.vocabulary import Diagnosis, ImageType, Urgency


def change(urgency, *, raises, always=False, **answers):
    given = tuple(Answer(field=field, value=value) for field, value in answers.items())
    return NotesChange(answers=given, urgency=urgency, raises=raises, always=always)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("bleed", True, "yes"),
        ("nail_band", False, "no"),
        ("age", 55, "50 to 59"),
        ("sex", "female", "female"),
        ("anatom_site", "head_neck_face", "head, neck or face"),
        ("skin_tone", 5, "5 (light)"),
        ("diameter_mm", 6.5, "6.5"),
        ("duration_days", 31, "31"),
    ],
)
def test_answers_in_words(field, value, words):
    assert answer_words(Answer(field=field, value=value)) == words


def test_what_raises_what_it_rests_on_and_what_any_lesion_would(assessment):
    made = (
        change(Urgency.SAME_DAY, raises=True, eye_involved=True),
        change(Urgency.SAME_DAY, raises=True, always=True, fever=True),
        change(Urgency.ROUTINE_REFERRAL, raises=False, grew=False),
        change(Urgency.ROUTINE_REFERRAL, raises=False, hurt=True, itch=False),
    )
    raising, always, rests, both = change_sentences(assessment.model_copy(update={"changes": made}))
    assert raising == (
        "If “Eye or its lids involved” were answered yes, this would become “Same day: to be seen by a doctor today”."
    )
    assert always.endswith("as any lesion would.")
    assert rests.startswith("It rests on what is recorded: if “Grew” were answered no")
    assert both.startswith("If “Hurts” were answered yes and “Itches” were answered no, this would become “Refer")


def test_that_nothing_lowers_it_is_said_too(assessment):
    (only,) = change_sentences(assessment)
    assert only == "No single answer, and no two that were tried, would make it less urgent."
    calm = assessment.triage.model_copy(update={"urgency": Urgency.REASSURE})
    assert change_sentences(assessment.model_copy(update={"triage": calm})) == ()


def least(then, share):
    return LeastRegion(image_type=ImageType.CLINICAL, leading=Diagnosis.MEL, region=("#...",), share=share, then=then)


def test_the_least_region_in_words():
    some = least_sentence(least(Diagnosis.NV, 0.25))
    assert some.startswith("Close-up: with 25")
    assert some.endswith("melanocytic naevus would lead instead of melanoma.")
    assert "leads with up to 50" in least_sentence(least(None, 0.0))


def drawn(deletion, insertion):
    flat = (0.5, 0.5, 0.5)
    return Curves(
        image_type=ImageType.CLINICAL,
        leading=Diagnosis.MEL,
        shares=(0, 0.5, 1),
        deletion=deletion,
        insertion=insertion,
        random_deletion=flat,
        random_insertion=flat,
    )


@pytest.mark.parametrize(
    ("deletion", "insertion", "verdict"),
    [
        ((0.9, 0.1, 0.1), (0.1, 0.9, 0.9), "in both"),
        ((0.9, 0.9, 0.1), (0.1, 0.9, 0.9), "in one of the two"),
        ((0.9, 0.9, 0.1), (0.1, 0.1, 0.9), "in neither"),
    ],
)
def test_curves_against_chance(deletion, insertion, verdict):
    sentence = curves_sentence(drawn(deletion, insertion))
    assert verdict in sentence
    assert f"deletion {'0.30' if verdict == 'in both' else '0.70'} (0.50)" in sentence
