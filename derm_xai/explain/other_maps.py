"""Maps of the same network by captum: on the outline's grid, for the test that the evidence map is put through, and as cells.

Grad-CAM (Selvaraju et al. 2017), as the page shows it; integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365) and
occlusion (Zeiler and Fergus 2014, arXiv 1311.2901) of the log-odds that the test measures, summed over the colours. Each gets
the resolution that is its own: no guide. For a reader, on request, since it takes a hundred passes for each photo.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from captum.attr import IntegratedGradients, Occlusion
from numpy.typing import NDArray
from torch import Tensor

from derm_xai.classify.checkpoint import Model
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, collect
from derm_xai.classify.preprocess import resize, scale
from derm_xai.explain.finer import interpolated
from derm_xai.explain.heatmap import agreement, grad_cams
from derm_xai.explain.hiding import Array, log_odds
from derm_xai.explain.progress import Progress, nobody
from derm_xai.language import later
from derm_xai.records import Assessment, LesionPhoto, Map, Record
from derm_xai.vocabulary import DIAGNOSES, ImageType

STEPS, WINDOW, STRIDE = 16, 48, 24
AT_ONCE = 2
"""Variants of a photo in a pass: with gradients through every look of every column, eight would take gigabytes."""
MapMaker = Callable[[Evidence, int, int, NDArray[np.uint8], EvidenceNet], Array]
"""From the evidence, the photo's and the class's place, and the photo's pixels at the network's size."""


class OtherMap(Record):
    """One photo's map for the leading diagnosis by another method, summed over the ledger's cells [row][column].

    `agreement`: Pearson's r with the ledger's own cells.
    """

    image_type: ImageType
    method: str
    cells: Map
    agreement: float


def other_maps(
    photos: Sequence[LesionPhoto],
    assessment: Assessment,
    model: Model,
    progress: Progress = nobody,
) -> tuple[OtherMap, ...]:
    """Return each photo's maps by each method but Grad-CAM, which an assessment already holds."""
    return tuple(_others(photos, assessment, model, progress))


def _others(photos: Sequence[LesionPhoto], assessment: Assessment, model: Model, progress: Progress) -> Iterator[OtherMap]:
    index = DIAGNOSES.index(assessment.prediction.ranked[0].diagnosis)
    # two samples of the tail are drawn and not used
    evidence = collect(photos, assessment.context, model, samples=2, seed=0)
    methods = [name for name in METHODS if METHODS[name] is not grad_cam]
    for place, photo in enumerate(photos):
        own = np.array(assessment.ledger.photos[place].mean[index])
        for turn, name in enumerate(methods):
            progress(later("Drawing maps by other methods"), (place + turn / len(methods)) / len(photos))
            fine = METHODS[name](evidence, place, index, resize(photo.pixels), model.network)
            cells = _summed(fine, own.shape)
            rows = tuple(map(tuple, cells.tolist()))
            yield OtherMap(image_type=photo.image_type, method=name, cells=rows, agreement=agreement(cells, own))


def _summed(fine: Array, shape: tuple[int, ...]) -> Array:
    """Return the sum of a map over each of the cells that it is finer than, a whole number of times."""
    rows, columns = shape
    summed: Array = fine.reshape(rows, fine.shape[0] // rows, columns, fine.shape[1] // columns).sum((1, 3))
    return summed


def grad_cam(evidence: Evidence, place: int, index: int, _: NDArray[np.uint8], network: EvidenceNet) -> Array:
    """Return captum's Grad-CAM of the class, joined linearly."""
    cells = np.array(grad_cams(evidence, network, [DIAGNOSES[index]])[place].cells)
    return interpolated(cells, tuple(evidence.photos[place].outline.shape))


def integrated_gradients(evidence: Evidence, place: int, index: int, pixels: NDArray[np.uint8], network: EvidenceNet) -> Array:
    """Return integrated gradients of the class's log-odds, from the photo's mean colour."""
    photo = scale(pixels)[None]
    baseline = photo.mean((2, 3), keepdim=True).expand_as(photo)
    method = IntegratedGradients(_log_odds(evidence, place, index, network))
    found = method.attribute(photo.requires_grad_(), baseline, n_steps=STEPS, internal_batch_size=AT_ONCE)
    return _pooled(found, evidence, place)


def occlusion(evidence: Evidence, place: int, index: int, pixels: NDArray[np.uint8], network: EvidenceNet) -> Array:
    """Return what covering each window with the photo's mean colour does to the class's log-odds."""
    photo = scale(pixels)[None]
    method = Occlusion(_log_odds(evidence, place, index, network))
    baseline = photo.mean((2, 3), keepdim=True).expand_as(photo)
    with torch.inference_mode():
        found = method.attribute(
            photo,
            sliding_window_shapes=(3, WINDOW, WINDOW),
            strides=(3, STRIDE, STRIDE),
            baselines=baseline,
            perturbations_per_eval=AT_ONCE,
        )
    return _pooled(found, evidence, place)


METHODS: dict[str, MapMaker] = {
    "Grad-CAM": grad_cam,
    "integrated gradients": integrated_gradients,
    "occlusion": occlusion,
}


def _log_odds(evidence: Evidence, place: int, index: int, network: EvidenceNet) -> Callable[[Tensor], Tensor]:
    photo = evidence.photos[place]
    # cloned: tensors made in inference mode cannot take part in a gradient
    rest = (evidence.scores().mean(0) - photo.cells.sum((2, 3)).mean(0)).clone()
    return lambda pixels: log_odds(rest + photo.weight * network.photo_evidence(pixels), index)


def _pooled(found: Tensor, evidence: Evidence, place: int) -> Array:
    """Return the sum over colours, and the mean over the pixels of each of the outline's."""
    height, width = evidence.photos[place].outline.shape
    summed = found.detach().sum(1, keepdim=True)
    pooled: Array = torch.nn.functional.adaptive_avg_pool2d(summed, (height, width))[0, 0].double().numpy()
    return pooled
