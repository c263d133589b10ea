"""The least part of a photo whose hiding makes another diagnosis lead: a counterfactual explanation over a photo's cells.

Cells are hidden in the order of how much they speak for the leading diagnosis rather than the runner-up, until the answer
changes, as SEDC hides segments (Vermeire et al. 2022, arXiv 2004.07511). Departures: the order is the evidence map's own and is
not sought again after each cell; how many are needed is found by bisection, a batch of passes at a time, which takes it that
once another diagnosis leads it leads with more hidden too; the search stops at half of the photo, beyond which little is left
to judge.
"""

import numpy as np

from derm_xai.explain.hidden import BATCH, Hideable, first
from derm_xai.records import Record
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType

MOST = 0.5
"""Of the photo's cells."""


class LeastRegion(Record):
    """The part of a photo without which another diagnosis leads. `region`: rows of "#" (hidden) and "." over the whole photo.

    `then`: the diagnosis that leads instead, None where none does up to MOST; `region` is then empty of "#", and `share` 0.
    """

    image_type: ImageType
    leading: Diagnosis
    region: tuple[str, ...]
    share: float
    then: Diagnosis | None


def least_region(photo: Hideable) -> LeastRegion:
    """Return the fewest cells, strongest first, that are found to flip the leading diagnosis: with one fewer it stands."""
    leader, runner_up = photo.whole().topk(2).indices.tolist()
    shape = photo.cells.shape[1:]
    order = np.argsort(-(photo.cells[leader] - photo.cells[runner_up]).ravel(), kind="stable")
    stands, flips, then = 0, int(MOST * order.size) + 1, None
    while flips - stands > 1:
        counts = _between(stands, flips)
        leads = photo.scores([first(order, count, shape) for count in counts]).argmax(1).tolist()
        flipped = next((place for place, lead in enumerate(leads) if lead != leader), len(leads))
        if flipped > 0:
            stands = counts[flipped - 1]
        if flipped < len(leads):
            flips, then = counts[flipped], DIAGNOSES[leads[flipped]]
    hidden = first(order, flips if then else 0, shape)
    return LeastRegion(
        image_type=photo.image_type,
        leading=DIAGNOSES[leader],
        region=tuple("".join("#" if cell else "." for cell in row) for row in hidden),
        share=float(hidden.mean()),
        then=then,
    )


def _between(stands: int, flips: int) -> list[int]:
    """Return at most BATCH numbers of cells to try, evenly between two, the last just below the upper one."""
    count = min(BATCH, flips - 1 - stands)
    return sorted({stands + round((flips - 1 - stands) * (place + 1) / count) for place in range(count)})
