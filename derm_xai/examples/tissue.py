"""What skin is made of, as maps, and the colour that light takes on in it (Beer–Lambert)."""

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from derm_xai.examples.noise import HEIGHT, WIDTH, Field

_SCATTER = np.array((0.86, 0.68, 0.62), np.float32)  # bloodless dermis, linear RGB
_MELANIN = np.array((0.64, 1.20, 1.62), np.float32)  # optical density for each unit, seen by a camera's red, green, blue
_BLOOD = np.array((0.17, 0.90, 0.74), np.float32)
_VEIL = np.array((0.15, 0.165, 0.27), np.float32)  # melanin deep in the dermis looks blue-grey
_WHITE = np.array((0.84, 0.76, 0.74), np.float32)
_KERATIN = np.array((0.76, 0.66, 0.46), np.float32)


def _empty() -> Field:
    return np.zeros((HEIGHT, WIDTH), np.float32)


@dataclass(frozen=True, eq=False)
class Tissue:
    """Maps of one size. `melanin` and `blood` are densities, negative where a lesion has less than the skin around it.

    `veil` (pigment deep down), `white`, `keratin`, `gloss` and `inside` (the lesion) are shares 0..1; `height` in pixels.
    """

    melanin: Field = field(default_factory=_empty)
    blood: Field = field(default_factory=_empty)
    veil: Field = field(default_factory=_empty)
    white: Field = field(default_factory=_empty)
    keratin: Field = field(default_factory=_empty)
    gloss: Field = field(default_factory=_empty)
    height: Field = field(default_factory=_empty)
    inside: Field = field(default_factory=_empty)

    def maps(self) -> dict[str, Field]:
        """Return every map by its name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


def _mix(colour: NDArray[np.float32], other: NDArray[np.float32], share: Field) -> NDArray[np.float32]:
    return colour + (other - colour) * np.clip(share, 0, 1)[..., None]


def reflectance(tissue: Tissue) -> NDArray[np.float32]:
    """Return the share of light that comes back, linear RGB [height, width, 3]: deepest layer first, horn last."""
    colour = _mix(np.broadcast_to(_SCATTER, (HEIGHT, WIDTH, 3)), _WHITE, tissue.white * 0.6)
    colour = _mix(colour, _VEIL, tissue.veil)
    colour = colour * np.exp(-np.maximum(tissue.blood, 0)[..., None] * _BLOOD)
    colour = _mix(colour, _WHITE, tissue.white * 0.4)
    colour = colour * np.exp(-np.maximum(tissue.melanin, 0)[..., None] * _MELANIN)
    stained = np.exp(-0.45 * (tissue.blood[..., None] * _BLOOD + tissue.melanin[..., None] * _MELANIN))
    return _mix(colour, _KERATIN * stained, tissue.keratin)
