"""Uncertainty scores, each larger where the model is less sure. Which of them decides to abstain is measured, not assumed."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from derm_xai.language import later
from derm_xai.vocabulary import MALIGNANT, places

Probabilities = NDArray[np.float64]
_MALIGNANT = places(MALIGNANT)


def entropy(probabilities: Probabilities) -> Probabilities:
    """Return the entropy of [..., class] in nats."""
    return np.asarray(-(probabilities * np.log(np.clip(probabilities, 1e-300, None))).sum(-1))


def mutual_information(samples: Probabilities) -> Probabilities:
    """Return what the samples [..., sample, class] disagree on, in nats (BALD; Houlsby et al. 2011, arXiv 1112.5745)."""
    return np.asarray(np.maximum(0.0, entropy(samples.mean(-2)) - entropy(samples).mean(-1)))


def _margin(joint: Probabilities) -> Probabilities:
    ordered = np.sort(joint, -1)
    return np.asarray(1 - (ordered[..., -1] - ordered[..., -2]))


SCORES: dict[str, Callable[[Probabilities, Probabilities], Probabilities]] = {
    later("one minus the highest probability"): lambda joint, _: 1 - joint.max(-1),
    later("one minus the lead over the second"): lambda joint, _: _margin(joint),
    later("predictive entropy"): lambda _, samples: entropy(samples.mean(-2)),
    later("mutual information"): lambda _, samples: mutual_information(samples),
    later("spread of the malignancy"): lambda _, samples: samples[..., _MALIGNANT].sum(-1).std(-1),
}
"""From the ledger's probabilities [..., class] and the Monte Carlo samples [..., sample, class]."""
