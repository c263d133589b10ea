"""Where the voices disagree: rules against model, photo against notes, one photo against the other. A person settles it."""

from collections.abc import Sequence

from derm_xai.classify.checkpoint import Thresholds
from derm_xai.records import Prediction, Reason
from derm_xai.triage.sentences import NOTES_ABOVE_PHOTO, NOTES_LOWER_PHOTO, PHOTOS_APART, RULES_AGAINST_MODEL
from derm_xai.vocabulary import MALIGNANT, Urgency

_LIKELY = 0.5
"""Notes say little of any one case, and from them alone half the malignant classes stay likely; less than this is no voice."""


def conflicts_of(prediction: Prediction, from_notes: Sequence[Reason], thresholds: Thresholds) -> tuple[str, ...]:
    """Return a sentence for each conflict. `from_notes`: the rules that fire on the notes alone."""
    if prediction.novelty.flagged:
        # the model has no voice here, and abstaining already sends the case to a person
        return ()
    calm = prediction.malignancy.value < thresholds.malignancy
    by_photo = sum(each.probability_photo for each in prediction.differentials if each.diagnosis in MALIGNANT)
    by_notes = sum(each.probability_notes for each in prediction.differentials if each.diagnosis in MALIGNANT)
    ruled = any(reason.urgency is Urgency.SUSPECTED_CANCER for reason in from_notes)
    return (
        *([RULES_AGAINST_MODEL.en] if calm and ruled else []),
        *([NOTES_LOWER_PHOTO.en] if calm and by_photo >= thresholds.malignancy else []),
        *([NOTES_ABOVE_PHOTO.en] if calm and by_notes > _LIKELY else []),
        *([PHOTOS_APART.en] if len({view.leading in MALIGNANT for view in prediction.views}) > 1 else []),
    )
