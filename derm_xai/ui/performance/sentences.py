"""What the figures of an evaluation say, as sentences. Every number in them comes from the record."""

import math
from collections.abc import Callable, Iterable, Sequence

from derm_xai.evaluate.card_tables import MAIN_SET, MUTUAL_INFORMATION
from derm_xai.evaluate.records import (
    UNTESTED_BELOW,
    Bin,
    Doubt,
    Evaluation,
    Figure,
    NotLesions,
    Reliability,
    SetCoverage,
    Subgroup,
)
from derm_xai.evaluate.subgroups import untested as untested_groups
from derm_xai.language import _, decimal, later, retold
from derm_xai.present.words import joined
from derm_xai.ui.performance.words import area_words, group_words, level, share, share_range, share_words

OTHERS = later("{others} photos of other things against {known} validation cases")


def few() -> str:
    """Return what to think of figures on few cases."""
    sentence = _("A figure on fewer than {limit} cases is an anecdote, even where its interval is narrow.")
    return sentence.format(limit=UNTESTED_BELOW)


def tested_on(evaluation: Evaluation) -> str:
    """Return what the figures were measured on."""
    most: dict[str, int] = {}
    for row in evaluation.rows:
        most[row.data] = max(most.get(row.data, 0), *(figure.n for figure in row.figures.values()))
    set_of = _("{data} ({n} cases)")
    sets = joined([set_of.format(data=_(data), n=decimal(n, 0)) for data, n in most.items()])
    return _(
        "Model {model}, on cases that were kept out of its training and calibration: {sets}. With each figure stands its 95 % "
        "interval, found by drawing lesions or patients again and again. The cases come from the clinics that the model learnt "
        "from: expect less elsewhere."
    ).format(model=evaluation.model_id, sets=sets)


def cautions(evaluation: Evaluation) -> tuple[str, ...]:
    """Return what flatters the figures, and what was left out of them."""
    flattered = _(
        "A few choices, limits of the prediction sets and of novelty among them, were made after a look at these very cases. "
        "That flatters the figures; the limits in the model card say where."
    )
    left_out = _(
        "Without VASC: the vascular lesions of HAM10000 are left out, since their photos were at hand as small copies alone."
    )
    return (flattered, *([left_out] if any(row.data.endswith("without VASC") for row in evaluation.rows) else []))


def reliability(diagram: Reliability) -> str:
    """Return whether the model is as sure as it is right, over all bins."""
    stated, right = _mean(diagram, lambda each: each.confidence), _mean(diagram, lambda each: each.accuracy)
    verdict = _("surer than it should be") if stated > right else _("less sure than it could be")
    if share(stated) == share(right):
        verdict = _("as sure as it is right")
    return _(
        "{data}: the leading diagnosis gets {stated} on average and is right in {right} of {n} cases; "
        "on the whole the model is {verdict}."
    ).format(
        data=_(diagram.data),
        stated=share(stated),
        right=share(right),
        n=decimal(sum(each.n for each in diagram.bins), 0),
        verdict=verdict,
    )


def best_doubt(doubts: Sequence[Doubt]) -> tuple[str, ...]:
    """Return which score finds errors best on the main set, and whether Monte Carlo mutual information does not."""
    judged = [each for each in doubts if each.data == MAIN_SET and not math.isnan(each.error_auroc.value)]
    if not judged:
        return ()
    best = max(judged, key=lambda each: each.error_auroc.value)
    left = best.error_left
    first = _(
        "On {data}, this score finds the errors best: {score}, {area}. "
        "When the fifth of the cases that it doubts most goes to a person, {left} ({interval}) of the error is left."
    ).format(
        data=MAIN_SET,
        score=_(best.score),
        area=area_words(best.error_auroc),
        left=share(left.value),
        interval=share_range(left),
    )
    mutual = next((each for each in judged if each.score == MUTUAL_INFORMATION), best)
    if mutual.error_auroc.value >= best.error_auroc.value:
        return (first,)
    second = _(
        "Monte Carlo {score}, which is how far the model's repeated answers differ, is not the best there: {area}."
    ).format(score=_(MUTUAL_INFORMATION), area=area_words(mutual.error_auroc))
    return first, second


def sets(entries: Iterable[SetCoverage]) -> tuple[str, ...]:
    """Return what the prediction sets hold over all cases."""
    sentence = _(
        "{data}, sets that aim at {aim}: they hold the true diagnosis in {share} of the cases "
        "and name {size} diagnoses on average."
    )
    return tuple(
        sentence.format(
            data=_(each.data), aim=level(each.level), share=share_words(each.coverage), size=decimal(each.size.value, 1)
        )
        for each in entries
        if each.group_by == "all"
    )


def untested(parts: Sequence[Subgroup]) -> str:
    """Return the subgroups with few cases or none, by name; empty where there is none such."""
    names = [f"{group_words(by, group)} (n = {n})" for by, group, n in untested_groups(parts)]
    sentence = _("Untested, with fewer than {limit} cases: {parts}.")
    return sentence.format(limit=UNTESTED_BELOW, parts="; ".join(names)) if names else ""


def not_lesions(told: NotLesions) -> str:
    """Return how well the check for other photos tells them from lesions."""
    return _(
        "Measured on {described}. A photo of something else looks stranger to the model than a lesion in {share} of pairs: "
        "AUROC {area}; a coin toss gives {chance}. The table says how many photos it flags as unlike the training "
        "photos: of other things it should be all, of lesions few."
    ).format(
        described=retold(told.described, [OTHERS]),
        share=share(told.auroc.value),
        area=area_words(told.auroc),
        chance=decimal(0.5, 1),
    )


def mask(dice: Figure) -> str:
    """Return how well the lesion's outline is found."""
    sentence = _(
        "On HAM10000 the outline that it finds and the published one overlap by {share} on average "
        "(Dice overlap; all is perfect)."
    )
    return sentence.format(share=share_words(dice))


def _mean(diagram: Reliability, value: Callable[[Bin], float]) -> float:
    return sum(each.n * value(each) for each in diagram.bins) / sum(each.n for each in diagram.bins)
