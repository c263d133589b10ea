"""The gallery's words on results made by hand: a lesion of two cells, and one that lies a cell to the side."""

from derm_xai.examples import CATALOGUE
from derm_xai.examples.practice import EXERCISES
from derm_xai.present.practice import Practised, notes_as_rows, signs, summary
from derm_xai.records import Assessment, ClinicalContext
from derm_xai.vocabulary import Diagnosis, Sex

MEL, NV, BKL = Diagnosis.MEL, Diagnosis.NV, Diagnosis.BKL


def moved(assessment: Assessment, *mask: str) -> Assessment:
    photo = assessment.photos[0]
    lesion = photo.lesion.model_copy(update={"mask": mask})
    return assessment.model_copy(update={"photos": (photo.model_copy(update={"lesion": lesion}),)})


def test_exactly_one_exercise_is_wrong_and_each_example_is_practised_once():
    assert [each.wrong for each in EXERCISES].count(True) == 1
    assert {each.example.title for each in EXERCISES} == {each.title for each in CATALOGUE}
    assert len(EXERCISES) == len(CATALOGUE)
    # another one's maps are laid over the photos one by one, so the views have to be the same
    assert all(each.example.views == each.assessed.views for each in EXERCISES)


def test_a_sound_assessment_has_no_signs(assessment):
    found = signs(assessment, assessment)
    assert found.told == ()
    assert found.silent == (
        "The answers it counts are those of these notes.",
        "No rule that this case fires is missing.",
        "The outline on the close-up fits the lesion.",
        "The report card warns of no map.",
        "Novelty raises no flag.",
        "Photo, notes and rules are in no conflict with each other.",
    )


def test_an_outline_beside_the_lesion_is_measured(assessment):
    own = moved(assessment, "....", "..##", "....")
    assert signs(assessment, own).told == (
        "The outline on the close-up is off: it leaves out 50\N{NO-BREAK SPACE}% of the lesion, and 50\N{NO-BREAK SPACE}% of "
        "it lies beside the lesion.",
    )


def test_answers_of_another_patient_are_named(assessment):
    own = assessment.model_copy(update={"context": ClinicalContext(age=30, grew=True, itch=False)})
    assert signs(assessment, own).told == (
        "It counts answers that these notes do not hold: age and irregular shape. "
        "It takes answers for not recorded that these notes hold: itches.",
    )


def test_rules_that_are_missing_are_named(assessment):
    fewer = assessment.triage.model_copy(update={"reasons": assessment.triage.reasons[1:]})
    assert signs(assessment.model_copy(update={"triage": fewer}), assessment).told == (
        "Written rules that this case fires are missing: R1.",
    )


def test_conflicts_and_novelty_tell_where_they_are_raised(assessment):
    triage = assessment.triage.model_copy(update={"conflicts": ("They disagree.",)})
    strange = assessment.prediction.novelty.model_copy(update={"flagged": True})
    prediction = assessment.prediction.model_copy(update={"novelty": strange})
    shown = assessment.model_copy(update={"triage": triage, "prediction": prediction})
    assert signs(shown, assessment).told == ("The photo is flagged as unlike the training photos.", "They disagree.")


def test_the_count_at_the_end_is_in_natural_words():
    done = [
        Practised(False, drawn=NV, shown=NV, first=NV, final=NV),
        Practised(False, drawn=BKL, shown=BKL, first=None, final=BKL),
        Practised(True, drawn=MEL, shown=BKL, first=MEL, final=BKL),
    ]
    assert summary(done) == (
        "Of 3 cases, your first answer named what was drawn in 2.",
        "Your final answer, after the assessment, did in 2 of 3.",
        "The assessments shown did in 2 of 3.",
        "You went over to the deliberately wrong assessment in 1 of 1.",
    )


def test_who_said_the_same_beforehand_did_not_follow():
    same = Practised(True, drawn=MEL, shown=BKL, first=BKL, final=BKL)
    silent = Practised(True, drawn=MEL, shown=None, first=MEL, final=None)
    assert not same.followed
    assert not silent.followed


def test_notes_read_as_the_form_asks():
    context = ClinicalContext(age=44, sex=Sex.MALE, grew=True, bleed=False)
    assert notes_as_rows(context) == (("Age", "44"), ("Sex", "male"), ("Grew", "yes"), ("Bleeds", "no"))
