"""An assessment made the obvious way: the network is a black box from pixels to scores, and each question is asked anew.

The numbers are those of `derm_xai.assess.judge` and the ledger, and so are the last few lines of arithmetic; only the way to
the evidence differs. Left out in favour of this way: the written rules.
"""

from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import LayerGradCam
from numpy.typing import NDArray
from shap import KernelExplainer
from torch import Tensor, nn

from benchmarks.rounds import Ways
from benchmarks.setting import prepared
from derm_xai.classify.checkpoint import Model
from derm_xai.classify.lesion import lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import describe
from derm_xai.classify.predict import Evidence, PhotoEvidence, predict
from derm_xai.classify.retake import judged_quality
from derm_xai.explain.ledger import ledger
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext, ImageQuality, Ledger, LesionPhoto, Prediction
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept


@dataclass(frozen=True)
class Assessed:
    """What came out. `grad_cams` [class, row, column] and `notes` [field, class] in log-odds before temperature."""

    prediction: Prediction
    ledger: Ledger
    quality: ImageQuality
    grad_cams: Tensor
    notes: NDArray[np.float64]


def assess_obviously(photo: LesionPhoto, context: ClinicalContext, model: Model, samples: int, seed: int = 0) -> Assessed:
    """Return what an assessment of one photo gives, with one pass or more through the whole network for each question."""
    network, pixels = model.network, prepared(photo.pixels)
    maps = monte_carlo(network, pixels, samples, seed)
    concepts, outline = concepts_and_outline(network, pixels)
    evidence = _evidence(photo.image_type, context, model, maps, concepts, outline, novelty_features(network, pixels))
    seen = dict(zip(VisualConcept, concepts.tolist(), strict=True))
    return Assessed(
        prediction=predict(evidence, model),
        ledger=ledger(evidence, context),
        quality=judged_quality(photo.quality, seen, lesion(outline), model.manifest.thresholds.quality),
        grad_cams=grad_cams(network, pixels),
        notes=notes_shap(network, context),
    )


@torch.inference_mode()
def monte_carlo(network: EvidenceNet, pixels: Tensor, samples: int, seed: int = 0) -> Tensor:
    """Return class maps [sample, class, row, column] of as many passes from pixels, one by one, with dropout only."""
    sampler = torch.Generator().manual_seed(seed)
    return torch.cat([network.sampled_maps(network.trunk(pixels), 1, sampler) for _ in range(samples)])


@torch.inference_mode()
def concepts_and_outline(network: EvidenceNet, pixels: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far each concept is to be seen, 0..1, and the lesion's outline [row, column], by a pass of their own."""
    steps = network.steps(pixels)
    activations = network.activations(network.deepen(steps[-1]))
    return network.concepts(activations).mean((2, 3)).sigmoid()[0], network.mask(steps)[0]


@torch.inference_mode()
def novelty_features(network: EvidenceNet, pixels: Tensor) -> Tensor:
    """Return what novelty is measured on, by a pass of its own as far as it needs to go."""
    return describe(network.steps(pixels))[0]


def grad_cams(network: EvidenceNet, pixels: Tensor) -> Tensor:
    """Return Grad-CAM of every class, [class, row, column], each by a pass from pixels and back."""
    whole = _Whole(network)
    attributed = LayerGradCam(whole, whole.last)
    start = pixels.clone().requires_grad_()  # the weights of a loaded model are frozen, so the gradient starts here
    return torch.cat([attributed.attribute(start, target=index)[0].detach() for index in range(len(DIAGNOSES))])


def notes_shap(network: EvidenceNet, context: ClinicalContext) -> NDArray[np.float64]:
    """Return shap's values of each field, [field, class], against a patient of whom nothing is recorded."""

    def score(levels: NDArray[np.int64]) -> NDArray[np.float64]:
        with torch.inference_mode():
            return network.notes_terms(torch.as_tensor(levels, dtype=torch.long)).double().sum(1).numpy()

    explainer = KernelExplainer(score, np.zeros((1, len(FIELDS)), dtype=np.int64))
    return np.asarray(explainer.shap_values(np.array(encode(context)), silent=True))


def parts(photo: LesionPhoto, context: ClinicalContext, model: Model, samples: int) -> Ways:
    """Return the parts of this way that cost, each by itself."""
    network, pixels = model.network, prepared(photo.pixels)
    return {
        f"... of it {samples} passes, one by one": lambda: monte_carlo(network, pixels, samples),
        "... of it Grad-CAM of 11 classes": lambda: grad_cams(network, pixels),
        "... of it concepts and mask": lambda: concepts_and_outline(network, pixels),
        "... of it features for novelty": lambda: novelty_features(network, pixels),
        "... of it KernelExplainer on the notes": lambda: notes_shap(network, context),
    }


class _Whole(nn.Module):
    """The network as captum asks for it: from pixels to the photo's evidence."""

    def __init__(self, network: EvidenceNet) -> None:
        super().__init__()
        self.network = network
        self.last = nn.Identity()

    def forward(self, pixels: Tensor) -> Tensor:
        evidence: Tensor = self.network.head(self.last(self.network.activations(self.network.trunk(pixels)))).mean((2, 3))
        return evidence


def _evidence(
    image_type: ImageType,
    context: ClinicalContext,
    model: Model,
    maps: Tensor,
    concepts: Tensor,
    outline: Tensor,
    description: Tensor,
) -> Evidence:
    network, weight = model.network, 1 / model.manifest.temperature[image_type]
    with torch.inference_mode():
        notes = network.notes_terms(torch.tensor([encode(context)]))[0] * weight
        photo = PhotoEvidence(
            image_type=image_type,
            trunk=torch.empty(0),  # nothing that follows reads it
            description=description,
            concepts=concepts,
            outline=outline,
            cells=maps * (weight / (maps.shape[2] * maps.shape[3])),
            type_term=network.image_type.weight[list(ImageType).index(image_type)] * weight,
            weight=weight,
            synthetic=True,  # drawn, as every photo here
        )
        return Evidence(network.prior, (photo,), notes, 1 / weight)
