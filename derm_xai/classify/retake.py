"""What the network sees that spoils a photo: hair, gel, ink over the lesion; a lesion too small, or cut off by the edge."""

from collections.abc import Mapping

from derm_xai.classify.checkpoint import QualityLimits
from derm_xai.language import later
from derm_xai.records import ImageQuality, Lesion
from derm_xai.vocabulary import VisualConcept

SPOILING = {
    VisualConcept.HAIR: later("Much hair is in the way: part or clip it, and take the photo again."),
    VisualConcept.GEL: later("Gel, water or bubbles are in the way: wipe, and take the photo again."),
    VisualConcept.INK: later("Pen marks are in the way: wipe them off or note their place, and take the photo again."),
}
TOO_SMALL = later("The lesion is small in the photo or cannot be made out: come closer, centre it, and take the photo again.")
CUT_OFF = later("The lesion is cut off by the edge: take in all of it and some skin around it, and take the photo again.")


def judged_quality(
    quality: ImageQuality, concepts: Mapping[VisualConcept, float], lesion: Lesion, limits: QualityLimits
) -> ImageQuality:
    """Return the quality of the pixels with what the network adds to it."""
    seen = [why for concept, why in SPOILING.items() if concepts[concept] > limits.concepts[concept]]
    seen += [TOO_SMALL] if lesion.share < limits.lesion_share else []
    seen += [CUT_OFF] if lesion.edge_share > limits.edge_share else []
    return quality.model_copy(update={"ok": quality.ok and not seen, "reasons": (*quality.reasons, *seen)})
