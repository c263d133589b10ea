import numpy as np
import pytest

from derm_xai.classify.checkpoint import QualityLimits
from derm_xai.classify.retake import CUT_OFF, SPOILING, TOO_SMALL, judged_quality
from derm_xai.records import ImageQuality, Lesion
from derm_xai.vocabulary import VisualConcept

SHARP = ImageQuality(ok=True, reasons=(), sharpness=9.0, brightness=120.0, contrast=30.0)
LIMITS = QualityLimits(
    lesion_share=0.05,
    edge_share=0.6,
    concepts={VisualConcept.HAIR: 0.7, VisualConcept.GEL: 0.8, VisualConcept.INK: 0.9},
)


def judged(share: float = 0.3, edge_share: float = 0.0, quality: ImageQuality = SHARP, **concepts: float) -> ImageQuality:
    seen = {concept: concepts.get(concept.name.lower(), 0.0) for concept in VisualConcept}
    return judged_quality(quality, seen, Lesion(mask=("#",), share=share, edge_share=edge_share), LIMITS)


def test_a_good_photo_stays_as_it_is():
    assert judged() == SHARP


@pytest.mark.parametrize(
    ("what", "limit", "towards", "reason"),
    [
        ("share", 0.05, 0, TOO_SMALL),
        ("edge_share", 0.6, 1, CUT_OFF),
        ("hair", 0.7, 1, SPOILING[VisualConcept.HAIR]),
        ("gel", 0.8, 1, SPOILING[VisualConcept.GEL]),
        ("ink", 0.9, 1, SPOILING[VisualConcept.INK]),
    ],
)
def test_a_reason_is_given_just_beyond_its_limit_and_not_at_it(what, limit, towards, reason):
    assert judged(**{what: limit}) == SHARP
    beyond = judged(**{what: float(np.nextafter(limit, towards))})
    assert not beyond.ok
    assert beyond.reasons == (reason,)


def test_what_belongs_to_the_skin_spoils_nothing():
    assert judged(ulceration_crust=1.0, vessels=1.0, erythema=1.0, pigment=1.0) == SHARP


def test_reasons_of_the_pixels_come_first_and_are_kept():
    blurred = SHARP.model_copy(update={"ok": False, "reasons": ("Blurred.",)})
    assert judged(quality=blurred) == blurred
    both = judged(quality=blurred, hair=1.0, edge_share=1.0)
    assert both.reasons == ("Blurred.", SPOILING[VisualConcept.HAIR], CUT_OFF)
    assert not both.ok
    assert both.sharpness == blurred.sharpness


def test_every_reason_says_what_to_do():
    assert all("take the photo again" in reason for reason in (*SPOILING.values(), TOO_SMALL, CUT_OFF))
