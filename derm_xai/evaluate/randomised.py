"""The model-randomisation test of Adebayo et al. 2018 (arXiv 1810.03292): another network has to give another map.

The head and each trunk's last layers are drawn anew, and the leading diagnosis' map of the trained network is compared with
that of the other by Spearman's rank correlation, signs kept. Departure: several layers at once, head and all that the class
maps are made of after the trunk's last step, not a cascade.
"""

from copy import deepcopy
from functools import lru_cache

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor, nn

from derm_xai.classify.network import EvidenceNet

LAST = 3
"""Layers of each trunk that are drawn anew, the last convolution among them."""


@lru_cache(maxsize=1)
def randomised(network: EvidenceNet, seed: int = 0) -> EvidenceNet:
    """Return a copy with the head and the last layers drawn anew."""
    other = deepcopy(network)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for part in (*(layer for column in other.trunks for layer in list(column.features)[-LAST:]), other.head):
            for module in part.modules():
                if isinstance(module, nn.Conv2d | nn.BatchNorm2d):
                    module.reset_parameters()
    return other.eval().requires_grad_(False)


@torch.inference_mode()
def rank_correlation(index: int, network: EvidenceNet, other: EvidenceNet, pixels: list[Tensor]) -> float:
    """Return the correlation of a class's maps by both networks, dropout off, the mean over the photos."""
    return float(
        np.mean(
            [
                _ranks(network.class_maps(network.trunk(each))[0, index], other.class_maps(other.trunk(each))[0, index])
                for each in pixels
            ]
        )
    )


def _ranks(one: Tensor, other: Tensor) -> float:
    """Return Spearman's correlation; 0 where a map has one value only."""
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(spearmanr(one.flatten(), other.flatten()).statistic)
