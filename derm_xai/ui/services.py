"""What the pages ask of the rest of the program. The model is shared by all sessions; patients' data never is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from derm_xai.assess import assess
from derm_xai.classify.checkpoint import CARD, Model, load_model
from derm_xai.errors import ModelError
from derm_xai.evaluate.records import EVALUATION, Evaluation
from derm_xai.examples import Example, photos
from derm_xai.explain.progress import Progress
from derm_xai.language import _, later
from derm_xai.notes.prefill import Told, told, uncorrected
from derm_xai.notes.reader import read_notes
from derm_xai.photo import read_photo
from derm_xai.records import Assessment, BlindAnswer, ClinicalContext, LesionPhoto
from derm_xai.settings import Settings

DISPLAY_WIDTH = 800
NO_FIGURES = later(
    "There are no figures of this model that can be read: it was not evaluated, or not with this version of the program. "
    "Evaluate it with derm-xai evaluate."
)
OTHER_FIGURES = later(
    "The figures in the model's folder are of another model, so none is shown: the SHA-256 of the weights differs. "
    "Evaluate this one with derm-xai evaluate."
)


@dataclass(frozen=True, eq=False)
class Case:
    """What was assessed, and what came out. `displays`: each photo at screen size, uint8 [height, width, 3].

    `answer`: what the reader committed before it was shown. `shown`: whether the reader has seen a result of these photos.
    """

    photos: tuple[LesionPhoto, ...]
    displays: tuple[NDArray[np.uint8], ...]
    context: ClinicalContext
    assessment: Assessment
    answer: BlindAnswer | None = None
    shown: bool = False

    @property
    def mark(self) -> tuple[datetime | None, *tuple[str, ...]]:
        """What tells this case from another and holds no photo, so that figures kept under it leave nothing else behind."""
        return (self.assessment.provenance.assessed_at, *(photo.sha256 for photo in self.photos))


def model() -> Model:
    """Return the model, read once for all sessions. Raises ModelError when there is none to trust."""
    return _load(Settings().model_folder())


@st.cache_resource(show_spinner="Reading the model")
def _load(folder: Path) -> Model:
    return load_model(folder)


def model_card() -> str:
    """Return the model's card, Markdown. Raises ModelError when there is no model."""
    path = Settings().model_folder() / CARD
    return path.read_text(encoding="utf-8") if path.is_file() else _("This model has no card.")


def evaluation() -> Evaluation:
    """Return the figures of the model in use. Raises ModelError when there is no model, or no figures of it."""
    weights = model().manifest.weights_sha256
    try:
        found = Evaluation.model_validate_json((Settings().model_folder() / EVALUATION).read_bytes())
    except (OSError, ValidationError):
        raise ModelError(NO_FIGURES) from None
    if found.weights_sha256 != weights:
        raise ModelError(OTHER_FIGURES)
    return found


def example_photos(example: Example) -> tuple[LesionPhoto, ...]:
    """Draw an example's photos, and take them in by the same door as any upload."""
    return tuple(read_photo(_png(pixels), image_type) for image_type, pixels in photos(example).items())


def _png(pixels: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def from_note(context: ClinicalContext) -> dict[str, Told]:
    """Return what the words of the note tell, where the form does not say otherwise. Raises ContextError."""
    return uncorrected(told(read_notes(context.notes)), context)


def assess_case(photos: Sequence[LesionPhoto], context: ClinicalContext, progress: Progress) -> Case:
    """Assess one lesion now. Raises DermXaiError."""
    result = assess(photos, context, model(), Settings(), from_note=from_note(context), at=datetime.now(UTC), progress=progress)
    return Case(tuple(photos), tuple(display(photo.pixels) for photo in photos), context, result)


def display(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a photo no wider than DISPLAY_WIDTH, so that the page stays quick; smaller ones as they are."""
    height, width = pixels.shape[:2]
    if width <= DISPLAY_WIDTH:
        return pixels
    size = (DISPLAY_WIDTH, max(1, round(height * DISPLAY_WIDTH / width)))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC, reducing_gap=3))
