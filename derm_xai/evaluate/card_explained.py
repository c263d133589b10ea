"""The parts of the model card on what the model shows: outlines, concepts, other photos, explanations.

Each is an empty text where nothing was measured.
"""

from derm_xai.evaluate.card_tables import paragraphs, shown, table
from derm_xai.evaluate.records import Evaluation


def lesion_mask(evaluation: Evaluation) -> str:
    """Return how well the lesion mask overlaps with the published ones."""
    if (dice := evaluation.mask_dice) is None:
        return ""
    return f"## Lesion mask\nMean Dice overlap with the published masks of HAM10000: {shown(dice)}, n = {dice.n}."


def concepts(evaluation: Evaluation) -> str:
    """Return how well the concepts agree with MONET's scores."""
    if not evaluation.concepts:
        return ""
    lines = (
        [each.concept.value, f"{each.rank_correlation.n}", shown(each.calibration_error), shown(each.rank_correlation)]
        for each in evaluation.concepts
    )
    return paragraphs(
        "## Concepts\n"
        "What the concept maps say of a photo against MONET's score of it, itself a model's: the mean gap in ten bins of\n"
        "equal width, and the rank correlation.",
        table(("concept", "n", "calibration error", "rank correlation"), lines),
    )


def not_lesions(evaluation: Evaluation) -> str:
    """Return how well photos of other things are told from lesions."""
    if (told := evaluation.not_lesions) is None:
        return ""
    flagged = {"not lesions": told.flagged_others, **told.flagged_lesions}
    return paragraphs(
        "## Photos that are not lesions\n"
        f"{told.described}: area under the ROC curve of the novelty score {shown(told.auroc)}.\n"
        "Share flagged as unlike the training photos:",
        table(("photos", "n", "flagged"), ([name, f"{share.n}", shown(share)] for name, share in flagged.items())),
    )


def explanations(evaluation: Evaluation) -> str:
    """Return whether the evidence maps, the report card and the answers held."""
    if (told := evaluation.explanations) is None:
        return ""
    methods = (
        [each.name, f"{each.hot.n}", *map(shown, (each.hot, each.faithfulness, each.ours_above))] for each in told.methods
    )
    readings = ([each.reading, f"{each.right.n}", shown(each.right)] for each in told.readings)
    permuted = f"; of a head that\nlearnt shuffled labels: {shown(told.permuted)}" if told.permuted else ""
    flips = ([name, f"{rate.n}", shown(rate)] for name, rate in told.flips.items())
    return paragraphs(
        "## Explanations\n"
        f"On {told.hot.n} validation cases, as many from each set. With the hottest fifth of a photo hidden, the leading\n"
        f"diagnosis loses {shown(told.hot)} log-odds, with as much hidden elsewhere {shown(told.elsewhere)}: "
        f"{shown(told.faithfulness, 2)}\ntimes as much. In malignant cases {shown(told.malignant_inside, 2)} times as much "
        "of the malignancy's\nevidence lies inside the lesion outline as its area would hold by chance. Rank correlation with "
        f"the map of a\nnetwork whose head and last layers were drawn anew: {shown(told.randomised)}{permuted}.",
        "The same test on other maps of the same network. Last column: what the evidence map's fifth loses beyond theirs.",
        table(("map", "n", "log-odds lost", "over elsewhere", "evidence map loses more by"), methods) if told.methods else "",
        f"The report card's score tells right leading diagnoses from wrong ones with an area under the ROC curve of "
        f"{shown(told.card_auroc)}.",
        table(("report card", "n", "leading diagnosis right"), readings),
        "How often small changes to the photo move the leading diagnosis:" if told.flips else "",
        table(("change", "n", "flipped"), flips) if told.flips else "",
    )
