"""An assessment as plain text, for the terminal."""

from collections.abc import Iterable

from derm_xai.present.changes import change_sentences
from derm_xai.present.explained import card_checks, card_sentence, question_sentences
from derm_xai.present.reasons import ReasonRow, reason_rows
from derm_xai.present.rows import differential_rows
from derm_xai.present.verdict import NO_DIAGNOSIS, malignancy_sentence, patient_checks
from derm_xai.present.words import URGENCY, diagnosis_words, joined
from derm_xai.records import Assessment

_SHOWN = 5


def as_text(assessment: Assessment) -> str:
    """Return the urgency with its reasons, the leading differentials with their intervals, and the next steps."""
    triage = assessment.triage
    lines = [assessment.disclaimer, "", URGENCY[triage.urgency].words]
    if any(photo.synthetic for photo in assessment.photos):
        lines.insert(1, "SYNTHETIC photo: this is a drawn example, not a patient.")
    lines += because(reason_rows(assessment))
    lines += [f"  but      {sentence}" for sentence in (*triage.abstained_because, *triage.conflicts)]
    lines += [f"  note     {sentence}" for sentence in triage.not_reassured_because]
    lines += [f"  care     {check.finding}" for check in patient_checks(assessment.context)]
    lines += ["", *_differentials(assessment), "", "Next steps:"]
    lines += [f"  - {step}" for step in triage.next_steps]
    if not assessment.prediction.novelty.flagged:
        lines += _explained(assessment)
    provenance = assessment.provenance
    lines += ["", f"Model {provenance.model_id}, weights {provenance.weights_sha256[:12]}, seed {provenance.seed}."]
    return "\n".join(lines)


def because(rows: Iterable[ReasonRow]) -> list[str]:
    """Return each rule that fired with its facts, and where it stands written."""
    lines = []
    for row in rows:
        lines += [f"  because  {row.rule_id}: {row.text}" + f" [{row.facts}]" * bool(row.facts), f"           {row.source}"]
    return lines


def _differentials(assessment: Assessment) -> list[str]:
    if assessment.prediction.novelty.flagged:
        return [NO_DIAGNOSIS]
    rows = [f"  {row.percent:>6}  {row.interval:<16}  {row.name}" for row in differential_rows(assessment)[:_SHOWN]]
    heading = "What it could be, every diagnosis taken as equally likely beforehand (5th to 95th percentile):"
    names = joined([diagnosis_words(each) for each in assessment.prediction.prediction_set])
    possible = f"  Which diagnoses stay possible (95 % set): {names or 'none that could be calibrated'}."
    return [heading, *rows, f"  {malignancy_sentence(assessment)}", possible]


def _explained(assessment: Assessment) -> list[str]:
    """Return each photo's report card, what to ask next, and which answers would change the urgency."""
    lines = []
    for card in assessment.report_cards:
        lines += ["", f"{card_sentence(card)}."]
        lines += [f"  {check.question}: {check.finding}" for check in card_checks(card)]
    if asked := question_sentences(assessment):
        lines += ["", "What to ask next:", *(f"  - {sentence}" for sentence in asked)]
    return [*lines, "", "What would change the urgency:", *(f"  - {sentence}" for sentence in change_sentences(assessment))]
