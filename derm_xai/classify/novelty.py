"""How far a photo lies from the training photos, in the network's early and middle features.

A photo is described by the mean and the standard deviation of each channel at strides 4, 8 and 16. What makes a cat unlike skin
is seen early in the network; the last layers, trained to tell lesions apart, forget it (docs/decisions/0006).
The squared distance is Mahalanobis' to the nearest class mean (Lee et al. 2018, arXiv 1807.03888, who use several layers too),
with the shared covariance as a probabilistic PCA (Tipping and Bishop 1999): leading directions each with its variance,
the rest one common variance. Departure: each channel is brought to unit variance first.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

DIRECTIONS = 64
LAYERS = 3
_LEAST = 1e-6


class FeatureSpace(NamedTuple):
    """`spread` [feature]; `means` [class, feature]; orthonormal `directions` [64, feature] with `variances` [64]; `rest` []."""

    spread: Tensor
    means: Tensor
    directions: Tensor
    variances: Tensor
    rest: Tensor


def describe(steps: Sequence[Tensor]) -> Tensor:
    """Return the description [batch, feature] from the network's steps, each [batch, channel, row, column]."""
    return torch.cat([part for layer in steps[:LAYERS] for part in (layer.mean((2, 3)), layer.std((2, 3)))], 1).float()


def fit(features: Tensor, labels: Tensor) -> FeatureSpace:
    """Describe training features [photo, feature], each with the index of its class."""
    spread = features.std(0).clamp(min=_LEAST)
    scaled = features / spread
    classes = torch.unique(labels)
    means = torch.stack([scaled[labels == index].mean(0) for index in classes])
    within = scaled - means[torch.searchsorted(classes, labels)]
    _, singular, directions = torch.linalg.svd(within, full_matrices=False)
    variances = (singular.square() / (len(within) - len(classes))).clamp(min=_LEAST)
    count = min(DIRECTIONS, len(variances) - 1)
    rest = variances[count:].sum() / (features.shape[1] - count)
    return FeatureSpace(spread, means, directions[:count], variances[:count], rest)


def distance(space: FeatureSpace, features: Tensor) -> Tensor:
    """Return the distance of each row of features [photo, feature] to the nearest class mean; about 1 for a training photo."""
    offset = (features / space.spread)[:, None] - space.means
    along = offset @ space.directions.T
    left = offset.square().sum(-1) - along.square().sum(-1)
    squared = (along.square() / space.variances).sum(-1) + left / space.rest
    return (squared.amin(1) / features.shape[1]).clamp(min=0).sqrt()
