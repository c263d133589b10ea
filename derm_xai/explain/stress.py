"""Does the answer hold under small changes that no clinician would mind? On request, since each change is a pass.

The kinds of corruption follow Maron et al. 2021 (npj Digit. Med. 4, 10, on skin lesion classifiers) and Winkler et al. 2019
(JAMA Dermatol., pen marks). Departures: few and mild ones, made at the network's own size, the drawn ones by `artefacts`;
dropout is off, so that a flip is the change's doing.
"""

from collections.abc import Callable, Sequence
from functools import partial
from io import BytesIO

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from torch import Tensor

from derm_xai.artefacts import Artefact, lay, overlay
from derm_xai.classify.checkpoint import Model
from derm_xai.classify.predict import collect
from derm_xai.classify.preprocess import resize
from derm_xai.explain.hiding import photo_scores
from derm_xai.explain.progress import Progress, nobody
from derm_xai.language import later
from derm_xai.records import ClinicalContext, LesionPhoto, StressLine, StressTest
from derm_xai.vocabulary import DIAGNOSES

Pixels = NDArray[np.uint8]
Change = Callable[[Pixels], Pixels]
BATCH = 8


def crop(share: float) -> Change:
    """Return a change that takes this share off each side."""

    def change(pixels: Pixels) -> Pixels:
        height, width = pixels.shape[:2]
        box = (share * width, share * height, (1 - share) * width, (1 - share) * height)
        return np.array(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC, box=box))

    return change


def gain(*factors: float) -> Change:
    """Return a change that multiplies the channels: one factor for brightness, three for a colour cast."""
    return lambda pixels: np.rint(np.clip(pixels * np.array(factors), 0, 255)).astype(np.uint8)


def jpeg(quality: int) -> Change:
    """Return a change that stores the photo as JPEG of this quality."""

    def change(pixels: Pixels) -> Pixels:
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=quality)
        return np.array(Image.open(file))

    return change


def blur(radius: float) -> Change:
    """Return a change that blurs by this many pixels."""
    return lambda pixels: np.array(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def drawn(artefact: Artefact, seed: int) -> Change:
    """Return a change that draws something over the photo."""
    return lambda pixels: lay(pixels, overlay(artefact, np.random.default_rng(seed), *pixels.shape[:2]))


CHANGES: dict[str, tuple[Change, ...]] = {
    later("crop"): (crop(0.05), crop(0.1)),
    later("brightness"): (gain(0.85), gain(1.15)),
    later("colour cast"): (gain(1.08, 1, 0.92), gain(0.92, 1, 1.08)),
    later("JPEG"): (jpeg(50), jpeg(25)),
    later("blur"): (blur(0.7), blur(1.2)),
    **{
        each.value: tuple(drawn(each, seed) for seed in range(3))
        for each in (Artefact.INK, Artefact.RULER, Artefact.HAIR, Artefact.GEL)
    },
}


def stress(
    photos: Sequence[LesionPhoto],
    context: ClinicalContext,
    model: Model,
    progress: Progress = nobody,
) -> StressTest:
    """Return whether the leading diagnosis holds; with two photos, both are changed in the same way at once."""
    evidence = collect(photos, context, model, samples=2, seed=0)
    changes = [change for group in CHANGES.values() for change in group]
    scores = evidence.prior + evidence.notes.sum(0)
    for place, (photo, found) in enumerate(zip(photos, evidence.photos, strict=True)):
        pixels = resize(photo.pixels)
        variants = [pixels, *(change(pixels) for change in changes)]
        passed = _passed(variants, model, partial(_tell, progress, place, len(photos)))
        scores = scores + found.type_term + found.weight * passed
    return _summed_up(scores.double().softmax(1))


def _tell(progress: Progress, place: int, count: int, share: float) -> None:
    progress(later("Changing the photo a little"), (place + share) / count)


def _passed(variants: list[Pixels], model: Model, progress: Callable[[float], None]) -> Tensor:
    scores = []
    for start in range(0, len(variants), BATCH):
        scores.append(photo_scores(model.network, variants[start : start + BATCH]))
        progress(min(1.0, (start + BATCH) / len(variants)))
    return torch.cat(scores)


def _summed_up(chances: Tensor) -> StressTest:
    """Return the test from probabilities [variant, class], the photo as it is first."""
    leader, start, lines = int(chances[0].argmax()), 1, []
    for name, group in CHANGES.items():
        part = chances[start : start + len(group)]
        leads = [place for place in part.argmax(1).tolist() if place != leader]
        lines.append(
            StressLine(
                change=name,
                tried=len(group),
                flipped=len(leads),
                instead=tuple(DIAGNOSES[place] for place in dict.fromkeys(leads)),
                lowest=float(part[:, leader].min()),
            )
        )
        start += len(group)
    return StressTest(leading=DIAGNOSES[leader], lines=tuple(lines))
