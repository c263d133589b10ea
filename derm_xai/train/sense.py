"""What the notes terms may say, whatever the training sets happen to hold.

PAD-UFES-20 asked for cancer history and skin type only where a biopsy followed, and holds no inflammation at all: there, to be
asked is already a finding. None of its 37 melanomas was said to bleed or hurt. Three remedies, all linear, so that the ledger
keeps its form:

- an answer counts against the mean of a field's recorded answers, so that having been asked says nothing;
- a level with few cases goes towards zero by n / (n + 50), as in empirical Bayes (Efron and Morris 1973);
- a red flag that is present is never evidence against a malignancy: where the data say so, yes and no share one value.
"""

import torch

from derm_xai.classify.network import EvidenceNet
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import MALIGNANT, places

RED_FLAGS = frozenset({"itch", "grew", "hurt", "changed", "bleed"})
FEW = 50
_NO, _YES = 1, 2


def level_counts(levels: torch.Tensor) -> list[torch.Tensor]:
    """Return how often each level of each field is recorded among the cases' levels [case, field]; 0 for "not recorded"."""
    counts = [levels[:, index].bincount(minlength=len(field.levels)).float() for index, field in enumerate(FIELDS)]
    for count in counts:
        count[0] = 0
    return counts


@torch.no_grad()
def centre(network: EvidenceNet, counts: list[torch.Tensor]) -> None:
    """Move each field's terms so that their mean over the recorded answers is zero. Done after every training step."""
    for index, count in enumerate(counts):
        table = network.get_parameter(f"fields.{index}.weight")
        share = (count / count.sum().clamp(min=1)).to(table.device)
        table[1:] -= share @ table


@torch.no_grad()
def restrain(network: EvidenceNet, counts: list[torch.Tensor]) -> EvidenceNet:
    """Shrink rarely recorded levels and keep red flags from speaking against malignancies. Done once, after training."""
    for index, (field, count) in enumerate(zip(FIELDS, counts, strict=True)):
        table = network.get_parameter(f"fields.{index}.weight")
        table.mul_((count / (count + FEW))[:, None])
        if field.name in RED_FLAGS:
            for malignant in places(MALIGNANT):
                if table[_YES, malignant] < table[_NO, malignant]:
                    table[1:, malignant] = count @ table[:, malignant] / count.sum()
    return network
