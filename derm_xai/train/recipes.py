"""How long and how hard each column is trained, step after step."""

from dataclasses import dataclass, replace

from derm_xai.vocabulary import ImageType


@dataclass(frozen=True)
class Recipe:
    """How long and how hard to train. `small_epochs` run at 160 by 224 px, the rest at 192 by 256.

    `frozen`: how many of the first layers stay as they are. `mixup`: the share of batches that are blended. `only`: the type of
    photo to learn from, where not all. `kept`: the share of the weights before that the result keeps (see `loop.fit`).
    """

    epochs: int
    small_epochs: int
    frozen: int = 0
    mixup: float = 0.0
    batch: int = 24
    rate: float = 6e-4
    head_rate: float = 3e-3
    weight_decay: float = 0.03
    smoothing: float = 0.05
    field_dropout: float = 0.25
    average: float = 0.998
    only: ImageType | None = None
    kept: float = 0.0
    seed: int = 20


_ONE_TYPE = Recipe(
    epochs=8,
    small_epochs=0,
    frozen=4,
    mixup=0.6,
    rate=3e-4,
    head_rate=1e-3,
    weight_decay=0.05,
    average=0.995,
    only=ImageType.CLINICAL,
    kept=0.5,
    seed=31,
)
RECIPES: dict[str, dict[str, Recipe]] = {
    "mobilenet_v2": {
        "first": Recipe(epochs=10, small_epochs=7),
        "second": Recipe(epochs=18, small_epochs=12, frozen=4, mixup=0.5, weight_decay=0.05, average=0.999),
        "close-ups": _ONE_TYPE,
        "dermoscopic": replace(_ONE_TYPE, epochs=2, only=ImageType.DERMOSCOPIC, seed=41),
    },
    "efficientnet_lite2": {
        "first": Recipe(epochs=11, small_epochs=8, frozen=8, mixup=0.25, weight_decay=0.05),
        "second": Recipe(
            epochs=8, small_epochs=6, frozen=8, mixup=0.5, weight_decay=0.05, average=0.999, rate=4e-4, head_rate=2e-3, seed=21
        ),
        "close-ups": replace(_ONE_TYPE, epochs=6, frozen=8, kept=0.75),
    },
}
"""For each column its recipes, run one after the other, each from the averaged weights of the one before: a warm restart
(Loshchilov and Hutter 2017)."""
