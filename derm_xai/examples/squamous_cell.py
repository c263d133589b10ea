"""A squamous cell carcinoma, drawn as tissue at the scale of a dermatoscope."""

import numpy as np
from numpy.random import Generator

from derm_xai.examples.noise import HEIGHT, WIDTH, Field, blur, fractal, ramp, shreds
from derm_xai.examples.outline import Oval, near_middle, roughen
from derm_xai.examples.strokes import Stroke, blotches, paint, vessel
from derm_xai.examples.tissue import Tissue


def _crown(rng: Generator, plug: Oval) -> Field:
    """Short vessels around the plug of horn that point to it, some forked."""
    strokes: list[Stroke] = []
    for angle in rng.uniform(0, 2 * np.pi, 46):
        out = (plug.width + rng.uniform(26, 62)) * np.array((np.cos(angle), np.sin(angle)))
        start = np.array((WIDTH / 2 + plug.x, HEIGHT / 2 + plug.y)) + out
        strokes += vessel(rng, start, angle + np.pi + rng.normal(0, 0.3), rng.uniform(16, 54), rng.uniform(1.2, 3.6))
    return blur(paint(strokes), 1.2)


def squamous_cell(rng: Generator) -> Tissue:
    """An inflamed dome with a lumpy plug of horn, scale, blood spots, and vessels that point inward."""
    radius = rng.uniform(138, 162)
    whole = Oval(0, 0, radius, radius * 0.84, rng.uniform(-0.6, 0.6))
    distance = roughen(rng, whole.distance(), wave=13, crumble=6)
    plug = near_middle(rng, 20, 0.56 * radius, 0.46 * radius)
    beyond = roughen(rng, plug.distance(), wave=14, crumble=10)
    inside, horn = ramp(distance, 34, -26), ramp(beyond, 14, -20)
    bare, pale = 1 - horn, ramp(beyond, 40, 6) * (1 - horn)
    mottle, rough, fine = (fractal(rng, size, octaves=4, gain=0.68) for size in (60, 16, 5))
    billow = 1 - np.abs(fractal(rng, 44, octaves=5, gain=0.62))
    crevice = horn * ramp(billow + 0.15 * rough, 0.25, -0.7)
    scale = bare * shreds(rng, 26) * ramp(np.abs(distance + 16), 56, 10)
    spots = blotches(rng, 0.15 * inside + 0.85 * horn, 14, (3, 30), soft=1.6) * ramp(rough, -1.9, 0.5)
    stain = horn * (0.09 + 0.05 * fine + 0.08 * mottle + 0.35 * ramp(fractal(rng, 50), 0.0, 1.8))
    flushed = inside * (0.92 + 0.22 * mottle - 0.30 * pale) + 0.26 * ramp(distance, 100, 0)
    dome = 56 * ramp(blur(distance, 9), 20, -radius)
    return Tissue(
        melanin=stain - 0.08 * inside + 0.6 * crevice + 0.9 * spots,
        blood=flushed + 1.3 * bare * _crown(rng, plug) + 2.2 * spots + 0.4 * crevice,
        veil=0.10 * inside * bare,
        white=np.clip(0.5 * pale * (0.7 + 0.3 * mottle) + 0.12 * inside, 0, 1),
        keratin=np.clip(horn * (0.84 + 0.12 * rough - 0.45 * crevice) * (1 - 0.7 * spots) + 0.8 * scale, 0, 0.97),
        gloss=0.6 * inside * bare,
        height=dome + blur(horn, 3) * (8 + 4 * billow + 0.8 * rough) - 3 * crevice + 1.2 * scale,
        inside=inside,
    )
