"""One lesion on one piece of skin, in front of one camera."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from derm_xai.examples.basal_cell import basal_cell
from derm_xai.examples.camera import Camera, expose, flash, polarised, shrink
from derm_xai.examples.melanoma import melanoma
from derm_xai.examples.naevus import naevus
from derm_xai.examples.overlay import add_bubbles, add_glints, lay_hairs
from derm_xai.examples.seborrhoeic_keratosis import seborrhoeic_keratosis
from derm_xai.examples.skin import close_up, through_gel
from derm_xai.examples.squamous_cell import squamous_cell
from derm_xai.examples.tissue import Tissue
from derm_xai.vocabulary import Diagnosis, ImageType


@dataclass(frozen=True)
class Recipe:
    """A kind of lesion and the skin it is usually found on.

    `zoom`: size in the close-up, as a share of the size under the dermatoscope. `blotchy` 0..1: sun damage.
    `freckles` and `hairs`: how many there are in the close-up.
    """

    lesion: Callable[[Generator], Tissue]
    zoom: float
    blotchy: float
    freckles: int
    hairs: int


RECIPES = {
    Diagnosis.NV: Recipe(naevus, 0.42, 0.15, 8, 14),
    Diagnosis.MEL: Recipe(melanoma, 0.59, 0.5, 26, 12),
    Diagnosis.BCC: Recipe(basal_cell, 0.50, 0.7, 16, 5),
    Diagnosis.BKL: Recipe(seborrhoeic_keratosis, 0.50, 0.5, 22, 8),
    Diagnosis.SCCKA: Recipe(squamous_cell, 0.60, 0.9, 22, 6),
}


def draw(kind: Diagnosis, image_type: ImageType, seed: int, *, tone: int = 4) -> NDArray[np.uint8]:
    """Draw one photo, RGB [480, 640, 3], of a kind in RECIPES. One kind and seed is one lesion, in both image types.

    `tone` of the skin: MILK10k class, 0 (dark) to 5 (light).
    """
    recipe = RECIPES[kind]
    lesion = recipe.lesion(np.random.default_rng((seed, 0)))
    view = _close_up if image_type == ImageType.CLINICAL else _dermoscopic
    patient = (seed, 1, list(RECIPES).index(kind))  # other skin and other hairs for each kind, also where the seed is the same
    return view(np.random.default_rng(patient), recipe, lesion, tone)


def _on(skin: Tissue, lesion: Tissue, relief: float) -> Tissue:
    """Put the lesion in the skin; `relief` 0..1 is how much of the skin's own relief it keeps."""
    keep = 1 - (1 - relief) * lesion.inside
    return Tissue(
        melanin=np.maximum(skin.melanin + lesion.melanin, 0),
        blood=skin.blood + lesion.blood,
        veil=lesion.veil,
        white=np.maximum(skin.white, lesion.white),
        keratin=lesion.keratin,
        gloss=np.maximum(skin.gloss, lesion.gloss),
        height=skin.height * keep + lesion.height,
        inside=lesion.inside,
    )


def _close_up(rng: Generator, recipe: Recipe, lesion: Tissue, tone: int) -> NDArray[np.uint8]:
    small = shrink(lesion, recipe.zoom * rng.uniform(0.92, 1.08), (rng.uniform(-35, 35), rng.uniform(-25, 25)))
    small = replace(small, veil=0.8 * small.veil)  # glare hides a part of what lies deep
    skin = close_up(rng, tone, blotchy=recipe.blotchy, freckles=recipe.freckles, grain=rng.uniform(0.55, 0.8))
    camera = Camera(
        balance=(0.99, 0.92 + rng.uniform(-0.03, 0.03), 0.72 - 0.12 * recipe.blotchy + rng.uniform(-0.06, 0.06)),
        exposure=rng.uniform(0.62, 0.78),
        softness=rng.uniform(0.7, 0.95),
        falloff=rng.uniform(0.12, 0.26),
    )
    light = flash(rng, _on(skin, small, 0.8), camera)
    light = lay_hairs(rng, light, recipe.hairs, width=1.7, shade=int(rng.integers(0, 2)), shadow=0.25)
    light = lay_hairs(rng, light, 40, width=1.0, shade=2, shadow=0.05)
    return expose(rng, light, camera)


def _dermoscopic(rng: Generator, recipe: Recipe, lesion: Tissue, tone: int) -> NDArray[np.uint8]:
    skin = through_gel(rng, tone, blotchy=recipe.blotchy, vessels=round(10 * recipe.blotchy))
    camera = Camera(
        balance=(0.92, 0.98, 1.0 + rng.uniform(-0.08, 0.1)),
        exposure=rng.uniform(0.80, 0.98),
        softness=rng.uniform(0.5, 0.75),
        falloff=rng.uniform(0.1, 0.3),
        noise=1.6,
        field_stop=rng.choice((1.05, 9.0, 9.0, 9.0)),
    )
    light = polarised(rng, _on(skin, lesion, 0.5), camera)
    light = lay_hairs(rng, light, 10, width=1.2, shade=2, shadow=0.0)
    light = lay_hairs(rng, light, recipe.hairs // 2, width=3.2, shade=int(rng.integers(0, 2)), shadow=0.1)
    light = add_glints(rng, light, 0.15 + lesion.inside, int(rng.integers(4, 24)))
    light = add_bubbles(rng, light, int(rng.integers(0, 4)))
    return expose(rng, light, camera)
