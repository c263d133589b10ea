import numpy as np
import torch

from derm_xai.classify.columns import MOBILENET_V2
from derm_xai.classify.network import EvidenceNet
from derm_xai.train.concepts import settle
from derm_xai.train.evidence import Terms
from derm_xai.vocabulary import VisualConcept

CONCEPTS = len(VisualConcept)


def terms_of(logits: torch.Tensor) -> Terms:
    nothing = torch.zeros(0)
    return Terms(nothing, nothing, nothing, nothing, logits.sigmoid(), (), nothing)


def test_scale_and_offset_are_found_and_go_into_the_head():
    """The truth is sigmoid(z / 2 - 1): what the head gives has to become that, in the mean and in each cell."""
    generator = torch.Generator().manual_seed(0)
    logits = 2 * torch.randn(300, CONCEPTS, generator=generator)
    known = (logits / 2 - 1).sigmoid()
    network = EvidenceNet(columns=[MOBILENET_V2]).eval()
    weight, bias = network.concepts.weight.clone(), network.concepts.bias.clone()
    settled = settle(network, terms_of(logits), known)
    assert np.allclose(settled.concepts, known, atol=2e-3)
    assert torch.allclose(network.concepts.weight, weight / 2, atol=2e-3)
    assert torch.allclose(network.concepts.bias, bias / 2 - 1, atol=5e-3)


def test_a_concept_that_nobody_scored_stays_as_it_is():
    logits = torch.linspace(-2, 2, 20)[:, None].repeat(1, CONCEPTS)
    known = torch.full_like(logits, torch.nan)
    network = EvidenceNet(columns=[MOBILENET_V2])
    weight = network.concepts.weight.clone()
    settled = settle(network, terms_of(logits), known)
    assert torch.equal(network.concepts.weight, weight)
    assert torch.allclose(settled.concepts, logits.sigmoid(), atol=1e-6)
