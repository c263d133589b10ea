"""The model-randomisation test of Adebayo et al. 2018 (arXiv 1810.03292): another network has to give another map.

The head and each trunk's last layers are drawn anew, and the leading diagnosis' map of the trained network is compared with
that of the other by Spearman's rank correlation, signs kept. Departure: several layers at once, head and all that the class
maps are made of after the trunk's last step, not a cascade.
"""

from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from derm_xai.classify.network import EvidenceNet
from derm_xai.evaluate.metrics import spearman

LAST = 3
"""Layers of each trunk that are drawn anew, the last convolution among them."""


def randomised(network: EvidenceNet) -> EvidenceNet:
    """Return a copy with the head and the last layers drawn anew."""
    other = deepcopy(network)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for part in (*(layer for column in other.trunks for layer in list(column.features)[-LAST:]), other.head):
            for module in part.modules():
                if isinstance(module, nn.Conv2d | nn.BatchNorm2d):
                    module.reset_parameters()
    return other.eval().requires_grad_(False)


@torch.inference_mode()
def rank_correlation(index: int, network: EvidenceNet, other: EvidenceNet, pixels: list[Tensor]) -> float:
    """Return the correlation of a class's maps by both networks, dropout off, the mean over the photos."""
    both = (network, other)
    pairs = ([each.class_maps(each.trunk(photo))[0, index].flatten().numpy() for each in both] for photo in pixels)
    return float(np.mean([spearman(*pair) for pair in pairs]))
