"""The reader's answer beside the hand-made result: melanoma 62 %, naevus 30 % in the set, BCC 7 % outside; urgent pathway."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from derm_xai.present.blind import URGENCIES, answer_rows, beside, urgency_words
from derm_xai.records import BlindAnswer, Novelty
from derm_xai.vocabulary import Diagnosis, Urgency

AT = datetime(2026, 11, 25, 14, 3, 5, tzinfo=UTC)


def answer(diagnosis: Diagnosis | None, urgency: Urgency = Urgency.SUSPECTED_CANCER) -> BlindAnswer:
    return BlindAnswer(diagnosis=diagnosis, urgency=urgency, at=AT)


def verdicts(given: BlindAnswer, assessment) -> list[str]:
    return [row.verdict for row in beside(given, assessment)]


def test_what_is_the_same_agrees(assessment):
    assert verdicts(answer(Diagnosis.MEL), assessment) == ["Agree.", "Agree."]


@pytest.mark.parametrize(
    ("diagnosis", "words"),
    [
        (Diagnosis.NV, "Differ. The system gives yours a chance of 30 %, in its 95 % set."),
        (Diagnosis.BCC, "Differ. The system gives yours a chance of 7 %, outside its 95 % set."),
        (None, "Not compared: only one of the two names a diagnosis."),
    ],
)
def test_another_diagnosis_differs_with_its_own_chance(assessment, diagnosis, words):
    assert verdicts(answer(diagnosis), assessment)[0].replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_more_urgent_reader_stands(assessment):
    words = verdicts(answer(Diagnosis.MEL, Urgency.SAME_DAY), assessment)[1]
    assert words == "Differ: yours is more urgent. Your judgement stands; neither the rules nor the system ever lower it."


def test_a_less_urgent_reader_is_told_where_the_reasons_are(assessment):
    words = verdicts(answer(Diagnosis.MEL, Urgency.REVIEW_8_WEEKS), assessment)[1]
    assert words == "Differ: the system's is more urgent. Its reasons stand above."


def test_where_the_system_suggests_nothing_nothing_is_compared(assessment):
    novel = assessment.prediction.model_copy(update={"novelty": Novelty(score=3.0, limit=2.0, flagged=True)})
    strange = assessment.model_copy(update={"prediction": novel})
    row = beside(answer(Diagnosis.NV), strange)[0]
    assert (row.system, row.verdict) == (
        "No diagnosis is suggested",
        "Not compared: only one of the two names a diagnosis.",
    )
    assert verdicts(answer(None), strange)[0] == "Neither names one."


def test_a_reader_chooses_from_every_urgency_in_words_of_their_own():
    assert set(URGENCIES) == set(Urgency)
    assert URGENCIES[0] is Urgency.EMERGENCY
    assert "system" not in " ".join(map(urgency_words, URGENCIES))


def test_the_answer_is_kept_with_its_time_and_cannot_be_changed():
    given = answer(None, Urgency.SEE_PERSON)
    assert answer_rows(given) == (
        (
            "Your own answer",
            "I cannot say; Have a colleague look: I do not decide this case alone; "
            "committed at 25 November 2026, 14:03:05 UTC, before the result was shown",
        ),
    )
    assert answer_rows(None) == ()
    with pytest.raises(ValidationError):
        given.diagnosis = Diagnosis.NV  # type: ignore[misc]
    assert BlindAnswer.model_validate_json(given.model_dump_json()) == given
