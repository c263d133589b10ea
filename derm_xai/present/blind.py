"""The reader's own answer beside the system's: whether they agree, in words, without praise or blame."""

from typing import NamedTuple

from derm_xai.language import _, later, moment
from derm_xai.present.words import URGENCY, percent
from derm_xai.records import Assessment, BlindAnswer
from derm_xai.vocabulary import CONCEPTS, Diagnosis, Urgency

CANNOT_SAY = later("I cannot say")
ASK_A_COLLEAGUE = later("Have a colleague look: I do not decide this case alone")
"""What a reader chooses where the system would say that it does not decide."""
URGENCIES = tuple(reversed(Urgency))
"""What a reader can choose from, most urgent first."""


class Beside(NamedTuple):
    """A question, the reader's answer, the system's, and how they compare."""

    question: str
    reader: str
    system: str
    verdict: str


def answer_words(diagnosis: Diagnosis | None) -> str:
    """Return a reader's diagnosis as words; None is "I cannot say"."""
    return _(CANNOT_SAY) if diagnosis is None else _(CONCEPTS[diagnosis].name)


def urgency_words(urgency: Urgency) -> str:
    """Return an urgency as a reader chooses it."""
    return _(ASK_A_COLLEAGUE) if urgency is Urgency.SEE_PERSON else _(URGENCY[urgency].words)


def leading(assessment: Assessment) -> Diagnosis | None:
    """Return the diagnosis that the system puts first; None where it suggests none."""
    prediction = assessment.prediction
    return None if prediction.novelty.flagged else prediction.ranked[0].diagnosis


def beside(answer: BlindAnswer, assessment: Assessment) -> tuple[Beside, ...]:
    """Return both answers, question by question."""
    first, urgency = leading(assessment), assessment.triage.urgency
    return (
        Beside(
            _("Leading diagnosis"),
            answer_words(answer.diagnosis),
            _("No diagnosis is suggested") if first is None else answer_words(first),
            _diagnoses(answer.diagnosis, assessment),
        ),
        Beside(
            _("What to do next"),
            urgency_words(answer.urgency),
            _(URGENCY[urgency].words),
            _urgencies(answer.urgency, urgency),
        ),
    )


def _diagnoses(reader: Diagnosis | None, assessment: Assessment) -> str:
    first = leading(assessment)
    if reader is None or first is None:
        return _("Not compared: only one of the two names a diagnosis.") if reader is not first else _("Neither names one.")
    if reader is first:
        return _("Agree.")
    chance = next(each.probability.value for each in assessment.prediction.ranked if each.diagnosis is reader)
    inside = reader in assessment.prediction.prediction_set
    words = (
        _("Differ. The system gives yours a chance of {chance}, in its 95 % set.")
        if inside
        else _("Differ. The system gives yours a chance of {chance}, outside its 95 % set.")
    )
    return words.format(chance=percent(chance))


def _urgencies(reader: Urgency, system: Urgency) -> str:
    if reader is system:
        return _("Agree.")
    if reader.rank > system.rank:
        return _("Differ: yours is more urgent. Your judgement stands; neither the rules nor the system ever lower it.")
    return _("Differ: the system's is more urgent. Its reasons stand above.")


def answer_rows(answer: BlindAnswer | None) -> tuple[tuple[str, str], ...]:
    """Return the committed answer as a line of "About this result"; nothing where none was committed."""
    if answer is None:
        return ()
    words = _("{diagnosis}; {urgency}; committed at {time} {zone}, before the result was shown").format(
        diagnosis=answer_words(answer.diagnosis),
        urgency=urgency_words(answer.urgency),
        time=moment(answer.at),
        zone=answer.at.tzname() or "",
    )
    return ((_("Your own answer"), words),)
