"""Deletion and insertion curves (RISE: Petsiuk et al. 2018, arXiv 1806.07421): does the map's order find what the network uses?

Deletion hides the cells that speak most for the leading diagnosis first, and its chance should fall early: the smaller the area
under the curve the better. Insertion shows them first, all else hidden: the larger the better. Either is held against the mean
over RANDOM random orders, since hiding anything lowers a chance.

Departures: cells of the map, not pixels; STEPS steps; what is hidden is filled in with the colour of the skin, softly at the
edge, for both curves, where the paper uses grey and a blurred photo; the chance is the whole case's, with the notes and the
other photo as they are; a random order's insertion is its deletion read backwards, since an order is as random either way.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from derm_xai.explain.hidden import Hideable, Tell, first
from derm_xai.explain.hiding import Mask
from derm_xai.records import Record, Vector
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType

STEPS = 5
RANDOM = 4


class Curves(Record):
    """The chance of the leading diagnosis, 0..1, at each of `shares` of the photo hidden (deletion) or shown (insertion)."""

    image_type: ImageType
    leading: Diagnosis
    shares: Vector
    deletion: Vector
    insertion: Vector
    random_deletion: Vector
    random_insertion: Vector


def area(shares: Vector, chances: Vector) -> float:
    """Return the area under a curve by the trapezoid rule, 0..1."""
    return float(np.trapezoid(chances, shares))


def curves(photo: Hideable, tell: Tell = lambda _share: None) -> Curves:
    """Return the curves of one photo's map for the leading diagnosis."""
    leader = int(photo.whole().argmax())
    count = photo.cells[leader].size
    strongest = np.argsort(-photo.cells[leader].ravel(), kind="stable")
    generator = np.random.default_rng(0)
    orders = [strongest, strongest[::-1], *(generator.permutation(count) for _ in range(RANDOM))]
    everything = np.ones(photo.cells.shape[1:], bool)
    hidden = [everything, *(mask for order in orders for mask in _steps(order, photo.cells.shape[1:]))]
    scores = torch.cat([photo.whole()[None], photo.scores(hidden, tell)])
    chances = scores.softmax(1)[:, leader]
    deleted = [_curve(chances, place) for place in range(len(orders))]
    random = torch.stack(deleted[2:]).mean(0)
    return Curves(
        image_type=photo.image_type,
        leading=DIAGNOSES[leader],
        shares=tuple(step / STEPS for step in range(STEPS + 1)),
        deletion=tuple(deleted[0].tolist()),
        # hiding the weakest first and reading it backwards is showing the strongest first
        insertion=tuple(deleted[1].flip(0).tolist()),
        random_deletion=tuple(random.tolist()),
        random_insertion=tuple(random.flip(0).tolist()),
    )


def _steps(order: NDArray[np.int64], shape: tuple[int, ...]) -> list[Mask]:
    """Return the cells hidden after each step but the last, which hides everything whatever the order."""
    return [first(order, round(order.size * step / STEPS), shape) for step in range(1, STEPS)]


def _curve(chances: Tensor, place: int) -> Tensor:
    """Return one order's chances from nothing to everything hidden; `chances` begins with these two."""
    own = chances[2 + place * (STEPS - 1) : 2 + (place + 1) * (STEPS - 1)]
    return torch.cat([chances[:1], own, chances[1:2]])
