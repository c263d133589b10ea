"""Classes with hardly any cases borrow from their kin, so that a handful of photos does not become a rule.

The weights of such a class go towards the mean of the well-known classes of its kind (malignant or not), by n / (n + 20) as in
empirical Bayes (Efron and Morris 1973). All terms stay linear, so the ledger is unchanged in form.
"""

import torch

from derm_xai.classify.network import EvidenceNet
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT

ENOUGH = 20


@torch.no_grad()
def borrow(network: EvidenceNet, label: torch.Tensor) -> EvidenceNet:
    """Change the weights of each class with fewer than ENOUGH cases among the labels [case], and return the network."""
    count = torch.bincount(label, minlength=len(DIAGNOSES)).tolist()
    fields = [network.get_parameter(f"fields.{index}.weight").T for index in range(len(FIELDS))]
    tables = [network.head.weight, network.image_type.weight.T, *fields]
    for index, diagnosis in enumerate(DIAGNOSES):
        kin = [
            other
            for other, name in enumerate(DIAGNOSES)
            if count[other] >= ENOUGH and (name in MALIGNANT) == (diagnosis in MALIGNANT)
        ]
        if count[index] < ENOUGH and kin:
            own = count[index] / (count[index] + ENOUGH)
            for table in tables:
                table[index] = own * table[index] + (1 - own) * table[kin].mean(0)
    return network
