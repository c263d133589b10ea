"""A melanoma, drawn as tissue at the scale of a dermatoscope."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from derm_xai.examples.naevus import network
from derm_xai.examples.noise import HEIGHT, WIDTH, Field, blur, fractal, ramp
from derm_xai.examples.outline import Oval, melt, roughen
from derm_xai.examples.strokes import Stroke, blotches, dots, paint
from derm_xai.examples.tissue import Tissue


@dataclass(frozen=True)
class _Compass:
    """Directions from the middle of a lesion whose darkest part lies at angle `facing`, in radians."""

    facing: float

    def place(self, angle: float, reach: float) -> tuple[float, float]:
        return reach * float(np.cos(self.facing + angle)), 0.8 * reach * float(np.sin(self.facing + angle))


@dataclass(frozen=True, eq=False)
class _Areas:
    """The colours of a melanoma, each a map 0..1: dark brown, black, blue-grey veil, white regression, red."""

    dark: Field
    black: Field
    veil: Field
    scar: Field
    red: Field


def _outline(rng: Generator, compass: _Compass) -> Field:
    ovals = [
        Oval(*compass.place(0, 62), rng.uniform(96, 112), rng.uniform(84, 96), compass.facing),
        Oval(*compass.place(2.5, 84), rng.uniform(92, 112), rng.uniform(66, 84), compass.facing + 0.6),
        Oval(*compass.place(1.4, 88), rng.uniform(56, 74), rng.uniform(48, 60)),
    ]
    notch = Oval(*compass.place(-1.5, 150), 62, 52)
    return roughen(rng, np.maximum(melt(ovals, 34), -notch.distance()), wave=10, crumble=6)


def _patch(rng: Generator, place: tuple[float, float], least: float, most: float) -> Field:
    size = rng.uniform(least, most)
    oval = Oval(*place, size, size * rng.uniform(0.7, 1), rng.uniform(0, 3))
    return ramp(roughen(rng, oval.distance(), wave=11, crumble=7), 9, -13)


def _areas(rng: Generator, compass: _Compass, inside: Field) -> _Areas:
    return _Areas(
        dark=inside * _patch(rng, compass.place(0.05, 62), 70, 84),
        black=inside * _patch(rng, compass.place(0.5, 70), 42, 56),
        veil=inside * _patch(rng, compass.place(-0.6, 34), 44, 56),
        scar=inside * _patch(rng, compass.place(2.2, 70), 34, 46),
        red=inside * _patch(rng, compass.place(3.3, 76), 38, 52),
    )


def _streaks(rng: Generator, compass: _Compass) -> Field:
    """Fingers of pigment that run outward over the border, a quarter of the way round the dark part."""
    middle = np.array((WIDTH / 2, HEIGHT / 2)) + compass.place(0, 62)
    strokes = []
    for angle in compass.facing - 1.3 + rng.uniform(0, 1.7, 11):
        reach = 106 * np.linspace(0.55, rng.uniform(0.92, 1.12), 12)[:, None]
        sway = np.cumsum(rng.normal(0, 0.9, (12, 2)), axis=0)
        points = middle + reach * np.array((np.cos(angle), np.sin(angle))) + sway
        strokes.append(Stroke(points, rng.uniform(7, 13) * np.linspace(1, 0.75, 12), rng.uniform(0.5, 1)))
    return blur(paint(strokes), 1.6)


def melanoma(rng: Generator) -> Tissue:
    """Melted ovals off the middle, each area of its own colour; the border is ragged, sharp here and soft there."""
    compass = _Compass(rng.uniform(0, 2 * np.pi))
    distance = _outline(rng, compass)
    softness = 0.5 + ramp(fractal(rng, 110, octaves=2), -0.6, 1.0)
    inside = ramp(distance / softness, 8, -16)
    areas = _areas(rng, compass, inside)
    streaks = _streaks(rng, compass) * ramp(distance, 26, 4)
    lines = network(rng, 17, jitter=0.47, thickness=4.4)
    mottle, fine = fractal(rng, 40, octaves=4, gain=0.62), fractal(rng, 8, octaves=3, gain=0.7)
    rim = 0.25 + 0.75 * ramp(distance, -60, -6)
    globules = blotches(rng, inside * rim * (1 - areas.scar), 170, (4, 20))
    pepper = blur(dots(rng, areas.scar, 70, (2, 4.5)), 0.9)
    brown = 0.52 + 0.20 * mottle + 0.08 * fine + 0.48 * lines * (1 - areas.dark) + 0.75 * globules
    dense = (1.45 + 0.10 * fine) * areas.dark + 2.6 * areas.black
    spared = (1 - 0.82 * areas.scar) * (1 - 0.45 * areas.red) * (1 - 0.62 * areas.veil)
    veil = areas.veil * (0.86 + 0.18 * mottle) + 0.35 * pepper + 0.25 * areas.dark * ramp(mottle, 0, 2)
    return Tissue(
        melanin=spared * (inside * (brown + dense) + 1.3 * streaks * (1 - 0.4 * inside)),
        blood=inside * 0.20 + 0.62 * areas.red + 0.12 * areas.scar + 0.10 * ramp(distance, 30, -10),
        veil=np.clip(veil, 0, 0.95),
        white=0.75 * areas.scar * (0.8 + 0.2 * fine) + 0.20 * areas.veil * ramp(fine, 0.2, 2),
        gloss=0.25 * inside,
        height=blur(inside * 4 + 6 * np.maximum(areas.dark, areas.veil), 7) + inside * 0.6 * mottle,
        inside=inside,
    )
