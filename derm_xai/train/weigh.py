"""How much the notes count beside the photos: one factor for all their terms, from the calibration part.

Training asks each voice to stand alone as well as to add to the other, so what both tell is counted twice where they add. The
factor is that of least negative log-likelihood over the sets of photos, each at its own best temperature. It goes into the
terms, so the ledger keeps its form, and the notes' own voice its temperature.
"""

from dataclasses import replace

import torch
from scipy.optimize import minimize_scalar
from torch.nn.functional import cross_entropy

from derm_xai.classify.network import EvidenceNet
from derm_xai.notes.levels import FIELDS
from derm_xai.train.calibrate import best_temperature, situations_of
from derm_xai.train.corpus import Corpus
from derm_xai.train.evidence import Terms

LEAST, MOST = 0.2, 1.5


@torch.no_grad()
def weigh_notes(network: EvidenceNet, held: Corpus, terms: Terms) -> Terms:
    """Multiply the network's notes terms by the factor, and return the terms as it now gives them."""
    factor = minimize_scalar(lambda factor: _loss(held, _weighed(terms, factor)), bounds=(LEAST, MOST), method="bounded").x
    for index in range(len(FIELDS)):
        network.get_parameter(f"fields.{index}.weight").mul_(float(factor))
    return _weighed(terms, float(factor))


def _weighed(terms: Terms, factor: float) -> Terms:
    return replace(terms, notes=terms.notes * factor)


def _loss(held: Corpus, terms: Terms) -> float:
    """Return the negative log-likelihood, summed over the cases of each set of photos."""
    return sum(
        float(cross_entropy(each.scores / best_temperature(each.scores, each.label), each.label, reduction="sum"))
        for each in situations_of(held, terms)
        if len(each.label)
    )
