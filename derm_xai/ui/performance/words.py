"""What the figures of an evaluation mean, and how they are written."""

import math

from derm_xai.evaluate.records import Figure
from derm_xai.present.words import IMAGE_TYPES, NO_BREAK, level_words
from derm_xai.ui.tables import NOT_DEFINED
from derm_xai.vocabulary import CONCEPTS, AnatomSite

MEANING = {
    "balanced accuracy": "of the cases of each diagnosis, the share in which it leads the list; the mean over the diagnoses",
    "macro AUC": "how often a case with a diagnosis gets a higher chance of it than a case without; the mean over the "
    "diagnoses. 0.5 is a coin toss, 1 is perfect",
    "macro F1": "how many cases of a diagnosis are found, and how many so named are truly that; the mean over the diagnoses. "
    "1 is perfect",
    "melanoma AUC": "how often a melanoma gets a higher chance of melanoma than another lesion; 0.5 is a coin toss",
    "malignancy AUC": "how often a malignant lesion gets a higher chance of malignancy than another; 0.5 is a coin toss",
    "ECE": "expected calibration error: the mean gap between the chance stated and the share that is right; 0 is perfect",
    "adaptive ECE": "the same gap, over groups of equally many cases",
    "Brier": "the mean squared error of all chances, from 0 (perfect) to 2",
    "NLL": "negative log-likelihood: what too small a chance for the true diagnosis costs, in nats; 0 is perfect",
}
DOUBT_MEANING = {
    "Finds the errors": "how often a wrong leading diagnosis has more doubt than a right one (error AUROC); 0.5 is a coin toss",
    "Mean error": "the share that is wrong, averaged over every share of cases answered (AURC); lower is better",
    "Error left": "what remains of the error when the fifth of the cases with most doubt goes to a person; lower is better",
}
VOICES = (
    "Each line is the model's voice on just what it was given. A leading diagnosis that a data set does not hold counts as "
    "wrong. Every diagnosis weighs the same, however rare."
)
DIAGRAM = (
    "Each point is a group of cases with a like chance for the leading diagnosis; the larger it is, the more cases. On the "
    "dashed line the model is as sure as it is right; below it, surer than it should be."
)
CURVES = (
    "If only the cases that it doubts least are answered, fewer answers should be wrong: the more a line falls towards the "
    "left, the better the doubt."
)
THRESHOLDS = (
    "Thresholds were chosen on other cases, and then kept. How many referrals are in vain depends on how common the disease is "
    "among the patients. Right to refer (PPV): of those referred, the share who have it. Right not to (NPV): of the others, "
    "the share who do not. Not to be referred by the model is no discharge."
)
SUBGROUPS = (
    "Two parts of the cases may differ merely because they hold other diagnoses. Where a figure is left out, the part has no "
    "case to measure it on."
)
_DIAGNOSES = {diagnosis.value: concept.name for diagnosis, concept in CONCEPTS.items()}
_FIELDS = {"site": "anatom_site", "skin tone": "skin_tone", "Fitzpatrick type": "fitzpatrick"}
_IMAGES = {image_type.value: name for image_type, name in IMAGE_TYPES.items()}
LEVELS = {"skin tone": "012345", "Fitzpatrick type": "123456", "site": tuple(site.value for site in AnatomSite)}
"""All parts there are, so that a part without a case is named as well."""
_WHOLE = {"all": "All cases", "malignant": "All malignant"}


def share(value: float, digits: int = 0) -> str:
    """Return a share (0..1) as per cent; "0 %" is none and "100 %" is all, never nearly so."""
    if math.isnan(value):
        return NOT_DEFINED
    text, least = f"{100 * value:.{digits}f}", 10**-digits
    if 0 < value < 1 and float(text) in (0, 100):
        text = f"<{least:g}" if float(text) == 0 else f">{100 - least:g}"
    return f"{text}{NO_BREAK}%"


def level(value: float) -> str:
    """Return a share (0..1) that was chosen, not measured, with as many digits as it has."""
    return f"{100 * value:g}{NO_BREAK}%"


def share_range(figure: Figure) -> str:
    """Return the interval of a measured share, "41 to 58"; empty where there is none."""
    return "" if math.isnan(figure.low) else f"{100 * figure.low:.0f} to {100 * figure.high:.0f}"


def share_words(figure: Figure) -> str:
    """Return a measured share with its interval and n, for a sentence."""
    return f"{share(figure.value)} ({', '.join(filter(None, (share_range(figure), f'n = {figure.n:,}')))})"


def area_words(figure: Figure) -> str:
    """Return a figure with its interval and n, for a sentence."""
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f}, n = {figure.n:,})"


def group_words(group_by: str, group: str) -> str:
    """Return a part of the cases in words, "Melanoma" or "Skin tone: 0 (dark)"."""
    if group_by in _WHOLE:
        return _WHOLE[group_by]
    if group_by == "diagnosis":
        return _DIAGNOSES.get(group, group)
    if group_by == "image type":
        return " and ".join(_IMAGES.get(image_type, image_type) for image_type in group.split("+")).capitalize()
    return f"{title(group_by)}: {level_words(_FIELDS.get(group_by, group_by), group)}"


def title(name: str) -> str:
    """Return the name of a metric as the head of a column."""
    return name[:1].upper() + name[1:]


def explained(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the metrics of these that have a meaning here, with it."""
    return tuple((title(name), MEANING[name]) for name in names if name in MEANING)
