"""What the figures of an evaluation say, as sentences. Every number in them comes from the record."""

import math
from collections.abc import Callable, Iterable, Sequence

from derm_xai.evaluate.card_tables import MAIN_SET, MUTUAL_INFORMATION
from derm_xai.evaluate.operating import natural_frequencies
from derm_xai.evaluate.records import (
    UNTESTED_BELOW,
    Bin,
    Doubt,
    Evaluation,
    Figure,
    NotLesions,
    OperatingPoint,
    Reliability,
    SetCoverage,
    Subgroup,
)
from derm_xai.present.words import joined
from derm_xai.ui.performance.words import LEVELS, area_words, group_words, level, share, share_range, share_words
from derm_xai.ui.tables import NOT_DEFINED

FEW = f"A figure on fewer than {UNTESTED_BELOW} cases is an anecdote, even where its interval is narrow."


def tested_on(evaluation: Evaluation) -> str:
    """Return what the figures were measured on."""
    most: dict[str, int] = {}
    for row in evaluation.rows:
        most[row.data] = max(most.get(row.data, 0), *(figure.n for figure in row.figures.values()))
    sets = joined([f"{data} ({n:,} cases)" for data, n in most.items()])
    return (
        f"Model {evaluation.model_id}, on cases that were kept out of its training and calibration: {sets}. With each figure "
        "stands its 95 % interval, found by drawing lesions or patients again and again. The cases come from the clinics that "
        "the model learnt from: expect less elsewhere."
    )


def reliability(diagram: Reliability) -> str:
    """Return whether the model is as sure as it is right, over all bins."""
    stated, right = _mean(diagram, lambda each: each.confidence), _mean(diagram, lambda each: each.accuracy)
    verdict = "surer than it should be" if stated > right else "less sure than it could be"
    if share(stated) == share(right):
        verdict = "as sure as it is right"
    return (
        f"{diagram.data}: the leading diagnosis gets {share(stated)} on average and is right in {share(right)} of "
        f"{sum(each.n for each in diagram.bins):,} cases; on the whole the model is {verdict}."
    )


def best_doubt(doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Return which score finds errors best on the main set, and whether Monte Carlo mutual information does not."""
    judged = [each for each in doubts if each.data == MAIN_SET and not math.isnan(each.error_auroc.value)]
    if not judged:
        return ()
    best = max(judged, key=lambda each: each.error_auroc.value)
    left = best.error_left
    first = (
        f"On {MAIN_SET}, this score finds the errors best: {best.score}, {area_words(best.error_auroc)}. When the fifth of the "
        f"cases that it doubts most goes to a person, {share(left.value)} ({share_range(left)}) of the error is left."
    )
    mutual = next((each for each in judged if each.score == MUTUAL_INFORMATION), best)
    if mutual.error_auroc.value >= best.error_auroc.value:
        return (first,)
    overlap = "overlap" if mutual.error_auroc.high >= best.error_auroc.low else "do not overlap"
    return first, (
        f"Monte Carlo {MUTUAL_INFORMATION}, which is how far the model's repeated answers differ, is not the best there: "
        f"{area_words(mutual.error_auroc)}. The two intervals {overlap}."
    )


def sets(entries: Iterable[SetCoverage]) -> tuple[str, ...]:
    """Return what the prediction sets hold over all cases."""
    return tuple(
        f"{each.data}, sets that aim at {level(each.level)}: they hold the true diagnosis in {share_words(each.coverage)} "
        f"of the cases and name {each.size.value:.1f} diagnoses on average."
        for each in entries
        if each.group_by == "all"
    )


def frequencies(point: OperatingPoint, prevalence: float) -> str:
    """Return what a threshold does to 1,000 patients; a word where it was not measured."""
    undefined = math.isnan(point.sensitivity.value + point.specificity.value)
    return NOT_DEFINED if undefined else natural_frequencies(point, prevalence)


def untested(parts: Sequence[Subgroup]) -> str:
    """Return the subgroups with few cases or none, by name; empty where there is none such."""
    held = {(each.group_by, each.group): each.n for each in parts}
    known = ((by, group) for by in dict.fromkeys(by for by, _ in held) for group in LEVELS.get(by, ()))
    counted = held | {part: 0 for part in known if part not in held}
    names = [f"{group_words(*part)} (n = {n})" for part, n in sorted(counted.items()) if n < UNTESTED_BELOW]
    return f"Untested, with fewer than {UNTESTED_BELOW} cases: {'; '.join(names)}." if names else ""


def not_lesions(told: NotLesions) -> str:
    """Return how well the check for other photos tells them from lesions."""
    return (
        f"Measured on {told.described}. A photo of something else looks stranger to the model than a lesion in "
        f"{share(told.auroc.value)} of pairs: AUROC {area_words(told.auroc)}; a coin toss gives 0.5. The table says how many "
        "photos it flags as unlike the training photos: of other things it should be all, of lesions few."
    )


def mask(dice: Figure) -> str:
    """Return how well the lesion's outline is found."""
    return (
        f"On HAM10000 the outline that it finds and the published one overlap by {share_words(dice)} on average (Dice "
        "overlap; all is perfect)."
    )


def _mean(diagram: Reliability, value: Callable[[Bin], float]) -> float:
    return sum(each.n * value(each) for each in diagram.bins) / sum(each.n for each in diagram.bins)
