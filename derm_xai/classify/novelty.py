"""How far a photo lies from the training photos, in the network's own features.

The squared distance is Mahalanobis' to the nearest class mean (Lee et al. 2018, arXiv 1807.03888), with the shared covariance
as a probabilistic PCA (Tipping and Bishop 1999): leading directions each with its variance, the rest one common variance.
Departure: features are scaled to unit length first, so that contrast does not count as novelty.
"""

from typing import NamedTuple

import torch
from torch import Tensor

DIRECTIONS = 64


class FeatureSpace(NamedTuple):
    """`means` [class, feature]; orthonormal `directions` [64, feature] with `variances` [64]; `rest` [] of what is left."""

    means: Tensor
    directions: Tensor
    variances: Tensor
    rest: Tensor


def fit(features: Tensor, labels: Tensor) -> FeatureSpace:
    """Describe training features [photo, feature], each with the index of its class."""
    unit = _unit(features)
    classes = torch.unique(labels)
    means = torch.stack([unit[labels == index].mean(0) for index in classes])
    within = unit - means[torch.searchsorted(classes, labels)]
    _, singular, directions = torch.linalg.svd(within, full_matrices=False)
    variances = singular.square() / (len(within) - len(classes))
    count = min(DIRECTIONS, len(variances) - 1)
    rest = variances[count:].sum() / (features.shape[1] - count)
    return FeatureSpace(means, directions[:count], variances[:count], rest)


def distance(space: FeatureSpace, features: Tensor) -> Tensor:
    """Return the distance of each row of features [photo, feature] to the nearest class mean; about 1 for a training photo."""
    offset = _unit(features)[:, None] - space.means
    along = offset @ space.directions.T
    left = offset.square().sum(-1) - along.square().sum(-1)
    squared = (along.square() / space.variances).sum(-1) + left / space.rest
    return (squared.amin(1) / features.shape[1]).clamp(min=0).sqrt()


def _unit(features: Tensor) -> Tensor:
    return torch.nn.functional.normalize(features, dim=1)
