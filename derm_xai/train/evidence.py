"""The terms of many labelled cases at once, without dropout, for checks and calibration."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from torch import Tensor

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import scale
from derm_xai.train.corpus import SOURCE_NAMES, Corpus


@dataclass(frozen=True)
class Terms:
    """`views`: each photo's evidence with its image-type term [photo, class]; `notes`: the notes' sum [case, class]."""

    views: Tensor
    notes: Tensor
    features: Tensor
    owner: Tensor

    def photos(self) -> Tensor:
        """Return each case's photo evidence, [case, class]."""
        return torch.zeros_like(self.notes).index_add(0, self.owner, self.views)


@torch.inference_mode()
def all_terms(network: EvidenceNet, corpus: Corpus, device: torch.device, batch: int = 32) -> Terms:
    """Return the terms of every case of the corpus."""
    network.eval()
    by_shape: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, pixels in enumerate(corpus.photos):
        by_shape[pixels.shape].append(index)
    features = torch.empty(len(corpus.photos), network.head.in_channels)
    for indices in by_shape.values():
        for chosen in torch.split(torch.tensor(indices), batch):
            photos = scale(np.stack([corpus.photos[index] for index in chosen])).to(device)
            activations = network.activations(network.trunk(photos.contiguous(memory_format=torch.channels_last)))
            features[chosen] = activations.mean((2, 3)).float().cpu()
    evidence = features @ network.head.weight[:, :, 0, 0].T.cpu()
    types = network.image_type.weight[corpus.image_type].cpu()
    notes = network.notes_terms(corpus.levels.to(device)).sum(1).cpu()
    return Terms(evidence + types, notes, features, corpus.owner)


def score_table(terms: Terms, corpus: Corpus) -> dict[str, float]:
    """Return balanced accuracy and macro AUC for each source: all evidence, every class equally likely beforehand."""
    probabilities = (terms.photos() + terms.notes).softmax(1).numpy()
    figures = {}
    for index, source in enumerate(SOURCE_NAMES):
        mine = (corpus.source == index).numpy()
        if mine.any():
            label = corpus.label.numpy()[mine]
            classes = np.unique(label)
            figures[f"{source} balanced accuracy"] = round(float(_balanced(label, probabilities[mine][:, classes], classes)), 4)
            figures[f"{source} macro AUC"] = round(_macro_auc(label, probabilities[mine], classes), 4)
    return figures


def _balanced(label: NDArray[np.int64], probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    return float(balanced_accuracy_score(label, classes[probabilities.argmax(1)]))


def _macro_auc(label: NDArray[np.int64], probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    return float(np.mean([roc_auc_score(label == index, probabilities[:, index]) for index in classes]))
