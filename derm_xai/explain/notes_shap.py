"""SHAP values of the notes (Lundberg and Lee 2017), by shap itself on the network's notes terms.

The reference is a patient of whom nothing is recorded. The notes add without interaction, so the values equal the ledger's
terms; they are computed here from the outside, as a check that the ledger is what the network does.
"""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from shap import Explainer
from shap.maskers import Independent

from derm_xai.classify.network import EvidenceNet
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext, NotesShap


def notes_shap(context: ClinicalContext, network: EvidenceNet, temperature: float) -> tuple[NotesShap, ...]:
    """Return the values of each recorded field for each diagnosis, in log-odds after temperature."""
    levels = np.array([encode(context)])
    if not levels.any():
        return ()
    nothing = np.zeros_like(levels)
    explainer = Explainer(_notes_score(network, temperature), Independent(nothing), algorithm="permutation", seed=0)
    values = explainer(levels, max_evals=2 * len(FIELDS) + 1, silent=True).values[0]
    return tuple(
        NotesShap(field=field.name, level=field.levels[level], values=tuple(values[index].tolist()))
        for index, (field, level) in enumerate(zip(FIELDS, levels[0], strict=True))
        if level
    )


def _notes_score(network: EvidenceNet, temperature: float) -> Callable[[NDArray[np.int64]], NDArray[np.float64]]:
    def score(levels: NDArray[np.int64]) -> NDArray[np.float64]:
        with torch.inference_mode():
            terms = network.notes_terms(torch.as_tensor(levels, dtype=torch.long))
            return (terms.double().sum(1) / temperature).numpy()

    return score
