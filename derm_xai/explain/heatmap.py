"""Grad-CAM (Selvaraju et al. 2017, arXiv 1610.02391) by captum, as an independent check of the evidence map.

Departures: no ReLU, since evidence against a diagnosis is evidence; dropout off, so it is the map of the mean network, while
the ledger's cells are the mean over dropout samples.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from captum.attr import LayerGradCam
from numpy.typing import NDArray
from torch import Tensor, nn

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence, PhotoEvidence
from derm_xai.records import GradCam
from derm_xai.vocabulary import DIAGNOSES, Diagnosis


class _Tail(nn.Module):
    """The network from the trunk's features to the photo's evidence, with a layer for captum to look at."""

    def __init__(self, network: EvidenceNet) -> None:
        super().__init__()
        self.network = network
        self.last = nn.Identity()

    def forward(self, trunk: Tensor) -> Tensor:
        activations: Tensor = self.last(self.network.activations(trunk))
        return self.network.head(activations).mean((2, 3))  # type: ignore[no-any-return]


def grad_cams(evidence: Evidence, network: EvidenceNet, diagnoses: Sequence[Diagnosis]) -> tuple[GradCam, ...]:
    """Return each photo's map for each diagnosis, in log-odds after temperature like the ledger's cells."""
    return tuple(_grad_cam(photo, network, diagnosis) for photo in evidence.photos for diagnosis in diagnoses)


def _grad_cam(photo: PhotoEvidence, network: EvidenceNet, diagnosis: Diagnosis) -> GradCam:
    tail = _Tail(network)
    index = DIAGNOSES.index(diagnosis)
    # cloned: captum needs a gradient, which tensors made in inference mode refuse
    trunk = photo.trunk.clone().requires_grad_()
    cells = LayerGradCam(tail, tail.last).attribute(trunk, target=index)[0, 0].detach() * photo.weight
    return GradCam(
        image_type=photo.image_type,
        diagnosis=diagnosis,
        cells=tuple(map(tuple, cells.tolist())),
        agreement=agreement(cells.numpy(), photo.cells[:, index].mean(0).numpy()),
    )


def agreement(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Return Pearson's r of two maps of one size; 0 where one of them is the same all over."""
    r = float(np.corrcoef(one.ravel(), other.ravel())[0, 1])
    return r if np.isfinite(r) else 0.0
