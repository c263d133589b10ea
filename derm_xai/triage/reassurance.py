"""What speaks against reassuring. Only where nothing does is a patient told to come back on change and no sooner."""

from collections.abc import Sequence

from derm_xai.classify.checkpoint import Thresholds
from derm_xai.records import ClinicalContext, PhotoRecord, Prediction
from derm_xai.triage.facts import SITE, YES_NO, Facts, changed, probability_of
from derm_xai.triage.sentences import (
    MELANOMA_POSSIBLE,
    NOT_ASKED,
    PHOTO_NOT_GOOD,
    SET_HOLDS_MALIGNANT,
    SET_HOLDS_PRECURSOR,
    SOMETHING_RECORDED,
    TONE_NOT_RECORDED,
    TONE_NOT_TESTED,
    UNCERTAIN,
)
from derm_xai.vocabulary import MALIGNANT, NOT_TO_MISS, AnatomSite, Diagnosis

_NEVER_MISS = frozenset({f"{SITE}{site}" for site in (AnatomSite.HAND, AnatomSite.FOOT, AnatomSite.GENITAL)})
_MELANOMA = frozenset({Diagnosis.MEL})
TESTED_SKIN_TONES = frozenset({2, 3, 4, 5})
"""MILK10k classes with at least 30 test cases (models/evidence-columns-8/evaluation.json: 60, 372, 117 and 50; class 1 has
16, class 0 none). A test holds this against the committed evaluation."""

TESTED_FITZPATRICK = frozenset({2})
"""Of PAD-UFES-20, likewise: 67 test cases; types 1 to 6 have 7, 67, 26, 1, 2 and none."""
DARK = 5
"""Fitzpatrick types from here on. MILK10k's classes run the other way, so one number in both fields is a likely slip."""


def against_reassuring(
    prediction: Prediction,
    context: ClinicalContext,
    photos: Sequence[PhotoRecord],
    stated: Facts,
    thresholds: Thresholds,
    *,
    abstained: bool,
) -> tuple[str, ...]:
    """Return every reason not to reassure, as sentences.

    Nothing asked is not nothing found, so growth, change and bleeding have to be recorded as "no". The tone of the skin is what
    the clinician entered; it is never read off the photo.
    """
    held = set(prediction.prediction_set)
    return (
        *([TONE_NOT_RECORDED.en] if context.skin_tone is None else []),
        *([TONE_NOT_TESTED.en] if not _tone_tested(context) else []),
        *([] if _asked(context) else [NOT_ASKED.en]),
        *([SOMETHING_RECORDED.en] if (YES_NO | _NEVER_MISS) & stated.keys() else []),
        *([SET_HOLDS_MALIGNANT.en] if held & MALIGNANT else []),
        # the set is calibrated over all diagnoses; the melanoma operating point was chosen to let few melanomas by
        *([MELANOMA_POSSIBLE.en] if probability_of(prediction, _MELANOMA) >= thresholds.melanoma else []),
        # a precursor is to be treated or biopsied; it is nothing to reassure about
        *([SET_HOLDS_PRECURSOR.en] if held & (NOT_TO_MISS - MALIGNANT) else []),
        *([] if all(photo.quality.ok for photo in photos) else [PHOTO_NOT_GOOD.en]),
        *([UNCERTAIN.en] if abstained or prediction.novelty.flagged else []),
    )


def _tone_tested(context: ClinicalContext) -> bool:
    return context.skin_tone in (None, *TESTED_SKIN_TONES) and (context.fitzpatrick or 0) < DARK


def _asked(context: ClinicalContext) -> bool:
    return None not in (context.grew, context.bleed, changed(context))
