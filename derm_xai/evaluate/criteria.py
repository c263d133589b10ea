"""The acceptance criteria of docs/evaluation-protocol.md as data, and whether an evaluation meets them."""

import math
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from derm_xai.evaluate.records import UNTESTED_BELOW, Evaluation, Figure
from derm_xai.language import _, later, written

MILK, HAM, PAD = SETS = ("MILK10k", "HAM10000 without VASC", "PAD-UFES-20")
BOTH, PHOTO, WITH_NOTES = "both photos and notes", "dermoscopic", "close-up and notes"
ECE, LEVEL = "ECE", 0.95
COVERED = {"MEL": later("95 % sets: coverage of melanoma"), "malignant": later("95 % sets: coverage of all malignant")}
SIZE = later("95 % sets: mean size")
ERRORS, LEFT = later("abstention score: AUROC for errors"), later("abstention score: error left at 80 %")
OTHERS, FLAGGED = later("novelty: AUROC against other photos"), later("novelty: lesions flagged")
DICE = later("outline: mean Dice")
FOUND, CLEARED = later("malignancy threshold: sensitivity"), later("malignancy threshold: specificity")


class Criterion(NamedTuple):
    """What a figure is of, and the limit that it is to keep."""

    of: tuple[str, ...]
    limit: float
    at_most: bool = False

    @property
    def bound(self) -> str:
        """The limit in words."""
        return (_("at most {limit}") if self.at_most else _("at least {limit}")).format(limit=written(self.limit, "g"))

    def keeps(self, value: float) -> bool:
        """Return whether a value keeps the limit."""
        return value <= self.limit if self.at_most else value >= self.limit


class Answer(NamedTuple):
    """A criterion, the figure that answers it where it was measured, and the answer in a word or two."""

    criterion: Criterion
    figure: Figure | None
    verdict: str


CRITERIA = (
    Criterion((MILK, BOTH, "macro F1"), 0.50),
    Criterion((MILK, BOTH, "macro AUC"), 0.91),
    Criterion((MILK, BOTH, "balanced accuracy"), 0.56),
    Criterion((MILK, BOTH, "malignancy AUC"), 0.89),
    Criterion((HAM, PHOTO, "balanced accuracy"), 0.75),
    Criterion((HAM, PHOTO, "macro AUC"), 0.955),
    Criterion((HAM, PHOTO, "melanoma AUC"), 0.92),
    Criterion((PAD, WITH_NOTES, "balanced accuracy"), 0.74),
    Criterion((PAD, WITH_NOTES, "macro AUC"), 0.93),
    *(Criterion((data, ECE), 0.06, at_most=True) for data in SETS),
    *(Criterion((data, COVERED["MEL"]), 0.92) for data in SETS),
    *(Criterion((data, COVERED["malignant"]), 0.92) for data in SETS),
    Criterion((MILK, SIZE), 4.5, at_most=True),
    *(Criterion((data, ERRORS), 0.70) for data in SETS),
    *(Criterion((data, LEFT), 0.75, at_most=True) for data in SETS),
    Criterion((OTHERS,), 0.97),
    *(Criterion((data, FLAGGED), 0.08, at_most=True) for data in SETS),
    Criterion((DICE,), 0.92),
    Criterion((MILK, FOUND), 0.93),
    Criterion((MILK, CLEARED), 0.40),
)


def answers(evaluation: Evaluation, abstention: str) -> tuple[Answer, ...]:
    """Return what the evaluation says to each criterion, where `abstention` is the score that abstains."""
    figures = _figures(evaluation, abstention)
    return tuple(_answer(criterion, figures.get(criterion.of)) for criterion in CRITERIA)


def tally(told: Iterable[Answer]) -> str:
    """Return how many criteria are met, how many are not, and so on."""
    counts = Counter(each.verdict for each in told)
    sentence = _("Of {n} criteria that were set before the model was measured: {counts}.")
    return sentence.format(n=counts.total(), counts=", ".join(f"{_(word)} {n}" for word, n in counts.most_common()))


def _answer(criterion: Criterion, figure: Figure | None) -> Answer:
    if figure is None or math.isnan(figure.value):
        return Answer(criterion, None, later("not measured"))
    if figure.n < UNTESTED_BELOW:
        return Answer(criterion, figure, later("untested"))
    return Answer(criterion, figure, later("met") if criterion.keeps(figure.value) else later("not met"))


def _figures(evaluation: Evaluation, abstention: str) -> dict[tuple[str, ...], Figure | None]:
    """Return the figures by what they are of. The last row of a data set, with all that it holds, gives its ECE."""
    figures: dict[tuple[str, ...], Figure | None] = {(DICE,): evaluation.mask_dice}
    for row in evaluation.rows:
        figures |= {(row.data, row.given, name): figure for name, figure in row.figures.items()}
        figures[row.data, ECE] = row.figures.get(ECE)
    for entry in evaluation.sets:
        if entry.level == LEVEL and entry.group in COVERED:
            figures[entry.data, COVERED[entry.group]] = entry.coverage
        if (entry.level, entry.group) == (LEVEL, "all"):
            figures[entry.data, SIZE] = entry.size
    for doubt in evaluation.doubts:
        if doubt.score == abstention:
            figures |= {(doubt.data, ERRORS): doubt.error_auroc, (doubt.data, LEFT): doubt.error_left}
    if told := evaluation.not_lesions:
        figures |= {(OTHERS,): told.auroc} | {(data, FLAGGED): share for data, share in told.flagged_lesions.items()}
    for point in evaluation.operating_points:
        if point.target == "a malignancy":
            figures |= {(point.data, FOUND): point.sensitivity, (point.data, CLEARED): point.specificity}
    return figures
