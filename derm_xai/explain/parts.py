"""What hiding parts of the photos shows, on request, since it takes some thirty-five passes of the network for each photo."""

from collections.abc import Sequence

from derm_xai.classify.checkpoint import Model
from derm_xai.explain.curves import Curves, curves
from derm_xai.explain.hidden import hideables
from derm_xai.explain.leastregion import LeastRegion, least_region
from derm_xai.explain.progress import Progress, nobody
from derm_xai.language import later
from derm_xai.records import ClinicalContext, LesionPhoto, Record

REGION, CURVES = later("Looking for the least part that decides"), later("Hiding and showing the photo bit by bit")
_REGION_SHARE = 0.25
"""Of the passes, about."""


class Parts(Record):
    """What hiding parts of one photo does, the other photo as it is."""

    least: LeastRegion
    curves: Curves


def parts(
    photos: Sequence[LesionPhoto],
    context: ClinicalContext,
    model: Model,
    progress: Progress = nobody,
) -> tuple[Parts, ...]:
    """Return what hiding parts of each photo does. `progress`: what is being done, and the share that is done, 0..1."""
    found = []
    for place, photo in enumerate(hideables(photos, context, model)):
        progress(REGION, place / len(photos))
        least = least_region(photo)

        def tell(share: float, place: int = place) -> None:
            progress(CURVES, (place + _REGION_SHARE + (1 - _REGION_SHARE) * share) / len(photos))

        found.append(Parts(least=least, curves=curves(photo, tell)))
    return tuple(found)
