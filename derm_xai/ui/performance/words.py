"""What the figures of an evaluation mean, and how they are written."""

import math

from derm_xai.evaluate.records import Figure
from derm_xai.language import _, decimal, later, written
from derm_xai.present.words import NO_BREAK, TO, joined, level_words, photo_words
from derm_xai.ui.tables import NOT_DEFINED
from derm_xai.vocabulary import CONCEPTS, ImageType

MEANING = {
    later("balanced accuracy"): later(
        "of the cases of each diagnosis, the share in which it leads the list; the mean over the diagnoses"
    ),
    later("macro AUC"): later(
        "how often a case with a diagnosis gets a higher chance of it than a case without; the mean over the "
        "diagnoses. 0.5 is a coin toss, 1 is perfect"
    ),
    later("macro F1"): later(
        "how many cases of a diagnosis are found, and how many so named are truly that; the mean over the diagnoses. "
        "1 is perfect"
    ),
    later("melanoma AUC"): later(
        "how often a melanoma gets a higher chance of melanoma than another lesion; 0.5 is a coin toss"
    ),
    later("malignancy AUC"): later(
        "how often a malignant lesion gets a higher chance of malignancy than another; 0.5 is a coin toss"
    ),
    later("ECE"): later(
        "expected calibration error: the mean gap between the chance stated and the share that is right; 0 is perfect"
    ),
    later("ECE by chance"): later(
        "the gap that so few cases leave even where every stated chance is right; hold the ECE against it rather than against 0"
    ),
    later("adaptive ECE"): later("the same gap, over groups of equally many cases"),
    later("ECE, diagnoses alike"): later("the same gap, with every diagnosis weighed alike however rare it is in the set"),
    later("Brier"): later("the mean squared error of all chances, from 0 (perfect) to 2"),
    later("NLL"): later("negative log-likelihood: what too small a chance for the true diagnosis costs, in nats; 0 is perfect"),
}
DOUBT_MEANING = {
    later("Finds the errors"): later(
        "how often a wrong leading diagnosis has more doubt than a right one (error AUROC); 0.5 is a coin toss"
    ),
    later("Mean error"): later("the share that is wrong, averaged over every share of cases answered (AURC); lower is better"),
    later("Error left"): later(
        "what remains of the error when the fifth of the cases with most doubt goes to a person; lower is better"
    ),
}
VOICES = later(
    "Each line is the model's voice on just what it was given. A leading diagnosis that a data set does not hold counts as "
    "wrong. Every diagnosis weighs the same, however rare."
)
DIAGRAM = later(
    "Each point is a group of cases with a like chance for the leading diagnosis; the larger it is, the more cases. On the "
    "dashed line the model is as sure as it is right; below it, surer than it should be."
)
CURVES = later(
    "If only the cases that it doubts least are answered, fewer answers should be wrong: the more a line falls towards the "
    "left, the better the doubt."
)
THRESHOLDS = later(
    "Limits were chosen on other cases to find the share of patients that is aimed at, and then kept. How many are flagged in "
    "vain depends on how common the disease is among the patients. Right to flag (PPV): of those flagged, the share who have "
    "it. Right not to (NPV): of the others, the share who do not. Not to be flagged by the model is no discharge."
)
USES = (
    later("A malignancy, at or above its limit: referred on the routine pathway (rule M2)."),
    later("A melanoma, at or above its limit: not reassured. No rule refers there."),
    later(
        "Melanoma, squamous cell carcinoma or another malignancy, basal cell carcinoma apart, at or above their limit: "
        "referred on the urgent pathway (rule M1)."
    ),
)
"""What each limit does, in triage."""
SUBGROUPS = later(
    "Two parts of the cases may differ merely because they hold other diagnoses. Where a figure is left out, the part has no "
    "case to measure it on."
)
_DIAGNOSES = {diagnosis.value: concept.name for diagnosis, concept in CONCEPTS.items()}
_FIELDS = {"site": "anatom_site", "skin tone": "skin_tone", "Fitzpatrick type": "fitzpatrick"}
RECORDED = (
    *(later("HAM10000 without VASC"), later("dermoscopic"), later("both photos"), later("notes")),
    *(later("both photos and notes"), later("dermoscopic and notes"), later("close-up and notes")),
    *(later("test-time augmentation, entropy"), later("test-time augmentation, mutual information")),
    *(later("ensemble, entropy"), later("ensemble, mutual information"), later("a malignancy"), later("a melanoma")),
    later("a malignancy other than basal cell carcinoma"),
    *(later("age band"), later("sex"), later("site"), later("skin tone"), later("Fitzpatrick type"), later("confirmed by")),
    *(later("histopathology"), later("histo"), later("clinical"), later("consensus"), later("confocal"), later("follow_up")),
    later("single contributor clinical assessment"),
)
"""Words that evaluations hold, marked here for the catalogue."""
_WHOLE = {"all": later("All cases"), "malignant": later("All malignant")}


def share(value: float, digits: int = 0) -> str:
    """Return a share (0..1) as per cent; "0 %" is none and "100 %" is all, never nearly so."""
    if math.isnan(value):
        return _(NOT_DEFINED)
    rounded, least = round(100 * value, digits), 10**-digits
    text = decimal(100 * value, digits)
    if 0 < value < 1 and rounded in (0, 100):
        text = f"<{written(least, 'g')}" if rounded == 0 else f">{written(100 - least, 'g')}"
    return f"{text}{NO_BREAK}%"


def level(value: float) -> str:
    """Return a share (0..1) that was chosen, not measured, with as many digits as it has."""
    return f"{written(100 * value, 'g')}{NO_BREAK}%"


def share_range(figure: Figure, digits: int = 0) -> str:
    """Return the interval of a measured share, "41 to 58"; empty where there is none."""
    return "" if math.isnan(figure.low) else range_words(100 * figure.low, 100 * figure.high, digits)


def range_words(low: float, high: float, digits: int) -> str:
    """Return an interval, "0.41 to 0.58"."""
    return _(TO).format(low=decimal(low, digits), high=decimal(high, digits))


def share_words(figure: Figure) -> str:
    """Return a measured share with its interval and n, for a sentence."""
    return f"{share(figure.value)} ({', '.join(filter(None, (share_range(figure), f'n = {decimal(figure.n, 0)}')))})"


def area_words(figure: Figure) -> str:
    """Return a figure with its interval and n, for a sentence."""
    return f"{decimal(figure.value, 3)} ({range_words(figure.low, figure.high, 3)}, n = {decimal(figure.n, 0)})"


def group_words(group_by: str, group: str) -> str:
    """Return a part of the cases in words, "Melanoma" or "Skin tone: 0 (dark)"."""
    if group_by in _WHOLE:
        return _(_WHOLE[group_by])
    if group_by == "diagnosis":
        return _(_DIAGNOSES.get(group, group))
    if group_by == "image type":
        return joined([photo_words(ImageType(image_type)) for image_type in group.split("+")]).capitalize()
    return _("{name}: {value}").format(name=title(group_by), value=level_words(_FIELDS.get(group_by, group_by), group))


def title(name: str) -> str:
    """Return the name of a metric as the head of a column."""
    words = _(name)
    return words[:1].upper() + words[1:]


def explained(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the metrics of these that have a meaning here, with it."""
    return tuple((title(name), _(MEANING[name])) for name in names if name in MEANING)


def doubt_heads() -> tuple[str, ...]:
    """Return the heads of the columns on doubt."""
    return tuple(map(_, DOUBT_MEANING))


def doubt_explained() -> tuple[tuple[str, str], ...]:
    """Return the columns on doubt with what they mean."""
    return tuple((_(name), _(meaning)) for name, meaning in DOUBT_MEANING.items())
