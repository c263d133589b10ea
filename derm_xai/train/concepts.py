"""Concept scores that mean what they say: Platt scaling (1999) of each concept on the calibration photos.

Departure: MONET's scores are soft labels, so the cross-entropy is with them, not with 0 and 1. The concept head is linear, so
that scale and offset go into its weights, and the concept's map is calibrated with its mean.
"""

from dataclasses import replace

import numpy as np
import torch
from scipy.optimize import minimize
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from derm_xai.classify.network import EvidenceNet
from derm_xai.train.evidence import Terms


@torch.no_grad()
def settle(network: EvidenceNet, terms: Terms, known: Tensor) -> Terms:
    """Calibrate the network's concept head, and return the terms as it now gives them.

    `known`: MONET's score of each photo and concept, 0..1; NaN where there is none, and a concept without any stays as it is.
    """
    logits = terms.concepts.double().logit(1e-6)
    fitted = [
        _platt(mine[~score.isnan()], score[~score.isnan()]) for mine, score in zip(logits.T, known.double().T, strict=True)
    ]
    scale, offset = (torch.tensor(values, dtype=torch.float64) for values in zip(*fitted, strict=True))
    head = network.concepts
    head.weight.mul_(scale[:, None, None, None].float())
    if head.bias is not None:
        head.bias.copy_(head.bias * scale.float() + offset.float())
    return replace(terms, concepts=(logits * scale + offset).sigmoid().float())


def _platt(logits: Tensor, scores: Tensor) -> tuple[float, float]:
    """Return scale and offset of least cross-entropy."""
    if not len(scores):
        return 1.0, 0.0

    def loss(values: np.ndarray) -> float:
        return float(binary_cross_entropy_with_logits(logits * values[0] + values[1], scores))

    scale, offset = minimize(loss, (1.0, 0.0), method="Nelder-Mead").x
    return float(scale), float(offset)
