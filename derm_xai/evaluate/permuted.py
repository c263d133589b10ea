"""The data-randomisation test of Adebayo et al. 2018 (arXiv 1810.03292): labels shuffled, the map has to change.

A head is fitted to the same cases' last activations with their labels shuffled. Departure: the trunks stay as they are, since
they cannot be trained again in an evaluation; what is tested is that a map shows what the head learnt, and not only what the
trunk finds conspicuous. The head is a softmax regression (scikit-learn), on the mean over cells, as the network's own.
"""

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import resize, scale
from derm_xai.datasets.sources import LabelledCase
from derm_xai.photo import read_photo
from derm_xai.vocabulary import DIAGNOSES

_RIDGE = 1e-3


@torch.inference_mode()
def permuted_head(cases: Sequence[LabelledCase], network: EvidenceNet, seed: int = 0) -> Tensor:
    """Return the weights [class, channel] of a head that learnt shuffled labels; a class that no case has weighs nothing."""
    seen, labels = [], []
    for case in cases:
        for photo in case.photos:
            pixels = scale(resize(read_photo(photo.read(), photo.image_type).pixels))[None]
            seen.append(network.activations(network.trunk(pixels))[0].mean((1, 2)).numpy())
            labels.append(DIAGNOSES.index(case.diagnosis))
    shuffled = np.random.default_rng(seed).permutation(labels)
    weights = np.zeros((len(DIAGNOSES), len(seen[0])), np.float32)
    if len(np.unique(shuffled)) > 1:
        fitted = LogisticRegression(C=_RIDGE * len(seen), max_iter=300).fit(np.stack(seen), shuffled)
        rows = fitted.coef_ if len(fitted.classes_) > 2 else np.concatenate([-fitted.coef_, fitted.coef_])
        weights[fitted.classes_] = rows
    return torch.from_numpy(weights)


def with_head(network: EvidenceNet, weights: Tensor) -> EvidenceNet:
    """Return a network with the same trunks and this head, [class, channel]."""
    other = deepcopy(network)
    other.load_state_dict(network.state_dict() | {"head.weight": weights[:, :, None, None]})
    return other.eval().requires_grad_(False)
