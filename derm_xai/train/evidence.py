"""The terms of many labelled cases at once, for checks and calibration."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import recall_score, roc_auc_score
from torch import Tensor

from derm_xai.classify.lesion import lesion
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.novelty import describe
from derm_xai.classify.preprocess import scale
from derm_xai.records import Lesion
from derm_xai.train.corpus import SOURCE_NAMES, Corpus
from derm_xai.vocabulary import DIAGNOSES


@dataclass(frozen=True)
class Terms:
    """`views`: each photo's evidence with its image-type term [photo, class]; `notes`: the notes' sum [case, class].

    `samples` [photo, sample, class]: the Monte Carlo samples of `views`, which is then their mean; none where none were asked
    for. `description`: for novelty. `concepts` [photo, concept] in 0..1. `lesions`: as outlined, one for each photo.
    """

    views: Tensor
    samples: Tensor
    notes: Tensor
    description: Tensor
    concepts: Tensor
    lesions: tuple[Lesion, ...]
    owner: Tensor

    def photos(self) -> Tensor:
        """Return each case's photo evidence, [case, class]."""
        return torch.zeros_like(self.notes).index_add(0, self.owner, self.views)

    def sampled_photos(self) -> Tensor:
        """Return each case's photo evidence in each sample, [case, sample, class]."""
        empty = self.samples.new_zeros(len(self.notes), *self.samples.shape[1:])
        return empty.index_add(0, self.owner, self.samples)


@torch.inference_mode()
def all_terms(network: EvidenceNet, corpus: Corpus, device: torch.device, samples: int = 0, batch: int = 8) -> Terms:
    """Return the terms of every case of the corpus, without dropout, or as the mean over so many `samples` of it."""
    network.eval()
    sampler = torch.Generator(device).manual_seed(0)
    by_shape: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, pixels in enumerate(corpus.photos):
        by_shape[pixels.shape].append(index)
    found: dict[int, _Seen] = {}
    for indices in by_shape.values():
        for chosen in torch.split(torch.tensor(indices), batch):
            photos = scale(np.stack([corpus.photos[index] for index in chosen])).to(device)
            seen = _see(network, photos.contiguous(memory_format=torch.channels_last), samples, sampler)
            found.update(zip(chosen.tolist(), seen, strict=True))
    ordered = [found[index] for index in range(len(corpus.photos))]
    types = network.image_type.weight[corpus.image_type].cpu()
    return Terms(
        views=torch.stack([each.evidence for each in ordered]) + types,
        samples=torch.stack([each.samples for each in ordered]) + types[:, None],
        notes=network.notes_terms(corpus.levels.to(device)).sum(1).cpu(),
        description=torch.stack([each.description for each in ordered]),
        concepts=torch.stack([each.concepts for each in ordered]),
        lesions=tuple(lesion(each.outline) for each in ordered),
        owner=corpus.owner,
    )


class _Seen(NamedTuple):
    """What the network makes of one photo."""

    evidence: Tensor
    samples: Tensor
    description: Tensor
    concepts: Tensor
    outline: Tensor


def _see(network: EvidenceNet, photos: Tensor, samples: int, sampler: torch.Generator) -> list[_Seen]:
    steps = network.steps(photos)
    trunk = network.deepen(steps[-1])
    activations = network.activations(trunk)
    drawn = [network.sampled_maps(each[None], samples, sampler).mean((2, 3)) for each in trunk] if samples else []
    sampled = torch.stack(drawn) if drawn else trunk.new_zeros(len(photos), 0, len(DIAGNOSES))
    evidence = sampled.mean(1) if samples else network.head(activations).mean((2, 3))
    concepts = network.concepts(activations).mean((2, 3)).sigmoid()
    parts = (evidence, sampled, describe(steps), concepts, network.mask(steps))
    return [_Seen(*each) for each in zip(*(part.float().cpu() for part in parts), strict=True)]


def score_table(terms: Terms, corpus: Corpus) -> dict[str, float]:
    """Return balanced accuracy and macro AUC for each source: all evidence, every class equally likely beforehand.

    As in the evaluation, over the classes that the source holds; a leading class that it does not hold counts as wrong.
    """
    probabilities = (terms.photos() + terms.notes).softmax(1).numpy()
    figures = {}
    for index, source in enumerate(SOURCE_NAMES):
        mine = (corpus.source == index).numpy()
        if mine.any():
            label = corpus.label.numpy()[mine]
            classes = np.unique(label)
            figures[f"{source} balanced accuracy"] = round(_balanced(label, probabilities[mine], classes), 4)
            figures[f"{source} macro AUC"] = round(_macro_auc(label, probabilities[mine], classes), 4)
    return figures


def _balanced(label: NDArray[np.int64], probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    return float(recall_score(label, probabilities.argmax(1), labels=classes, average="macro"))


def _macro_auc(label: NDArray[np.int64], probabilities: NDArray[np.float32], classes: NDArray[np.int64]) -> float:
    return float(np.mean([roc_auc_score(label == index, probabilities[:, index]) for index in classes]))
