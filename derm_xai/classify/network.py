"""The whole network: trunks side by side, one class-map head over all of them, and one term for each thing the notes say.

    score = prior + Σ photos (mean over cells of the class map + image-type term) + Σ notes fields (term)

Two side tasks share the trunks and add nothing to the score: concept maps (ulceration, hair, gel, ...), the lesion's outline.

Class-map head: Zhou et al. 2016 (arXiv 1512.04150). Departures: channel dropout in the last stages, so that Monte Carlo samples
(Gal and Ghahramani 2016, arXiv 1506.02142) repeat only the tail, and each draw of the last layers serves several draws of the
head; no bias in the head, since the prior is a term of its own; the head reads the last activations of every trunk, so that a
deep ensemble (Lakshminarayanan et al. 2017, arXiv 1612.01474) of trunks is one class map and the ledger stays one ledger. A
mirrored second look (test-time augmentation) is such a trunk too, with the weights of the first.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from derm_xai.classify.columns import COLUMNS, LAST, Architecture, Column, Look, MaskDecoder
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept

STRIDE = 32
HEAD_DRAWS = 6


class EvidenceNet(nn.Module):
    """Every term of the score. Inputs: photos [batch, 3, 32·rows, 32·columns] RGB in -1..1; levels as `notes.levels.encode`.

    What the looks say of a place in the photo lies side by side in the channels, in the order of `looks`.
    """

    def __init__(self, dropout: float = 0.2, columns: Sequence[Architecture] = COLUMNS, *, mirrored: bool = False) -> None:
        super().__init__()
        self.mirrored = mirrored
        self.columns = nn.ModuleList(map(Column, columns))
        classes, last = len(DIAGNOSES), LAST * len(self.looks)
        self.decoders = nn.ModuleList(MaskDecoder(column.widths) for column in columns)
        self.dropout = dropout
        self.head = nn.Conv2d(last, classes, 1, bias=False)
        self.concepts = nn.Conv2d(last, len(VisualConcept), 1)
        self.image_type = nn.Embedding(len(ImageType), classes)
        self.fields = nn.ModuleList(nn.Embedding(len(field.levels), classes, padding_idx=0) for field in FIELDS)
        self.prior = nn.Buffer(torch.zeros(classes))
        for table in (self.image_type, *self.fields):
            nn.init.zeros_(table.weight)

    @property
    def trunks(self) -> tuple[Column, ...]:
        """The columns, one for each architecture."""
        return cast(tuple[Column, ...], tuple(self.columns))

    @property
    def looks(self) -> tuple[Look, ...]:
        """Each column on the photo as it is and then, in a `mirrored` network, each on the photo mirrored."""
        return tuple(Look(column, mirrored) for mirrored in (False, True)[: 1 + self.mirrored] for column in self.trunks)

    @property
    def architectures(self) -> tuple[Architecture, ...]:
        """What the columns are, in their order."""
        return tuple(column.architecture for column in self.trunks)

    def steps(self, photos: Tensor) -> list[Tensor]:
        """Return the features at strides 4, 8, 16 and 32, each [batch, channel, row, column].

        Of the mirrored looks only the last, which goes on to the class maps: outline and novelty need no second look.
        """
        each = [look.steps(photos) for look in self.looks]
        fine = zip(*(steps[:-1] for steps in each[: len(self.columns)]), strict=True)
        return [*(torch.cat(parts, 1) for parts in fine), torch.cat([steps[-1] for steps in each], 1)]

    def mask(self, steps: Sequence[Tensor]) -> Tensor:
        """Return the log-odds of "lesion", [batch, height/4, width/4]: the mean of the columns' answers."""
        widths = map(list, zip(*(architecture.widths for architecture in self.architectures), strict=True))
        # the last step's mirrored looks come after these
        own = (torch.split(step[:, : sum(width)], width, 1) for step, width in zip(steps, widths, strict=True))
        outlines = [decoder(parts) for decoder, parts in zip(self.decoders, zip(*own, strict=True), strict=True)]
        return torch.stack(outlines).mean(0)

    def deepen(self, step: Tensor) -> Tensor:
        """Return the trunks' features from the last step, [batch, channel, rows, columns]; they do not depend on a sampler."""
        parts = torch.split(self.drop(step, self.dropout / 2), [look.column.architecture.widths[-1] for look in self.looks], 1)
        return torch.cat([look.deepen(part) for look, part in zip(self.looks, parts, strict=True)], 1)

    def trunk(self, photos: Tensor) -> Tensor:
        """Return what runs once for each photo, [batch, channel, rows, columns]."""
        return self.deepen(self.steps(photos)[-1])

    def activations(self, trunk: Tensor, sampler: torch.Generator | None = None) -> Tensor:
        """Return the last activations, [batch, channel, rows, columns], with dropout in training or from a `sampler`."""
        deep = [look.column.architecture.deep for look in self.looks]
        parts = torch.split(self.drop(trunk, self.dropout / 2, sampler), deep, 1)
        return torch.cat([look.last(part) for look, part in zip(self.looks, parts, strict=True)], 1)

    def class_maps(self, trunk: Tensor) -> Tensor:
        """Return the score of each cell for each class, [batch, class, rows, columns]; the mean over cells is the evidence."""
        maps: Tensor = self.head(self.drop(self.activations(trunk), self.dropout))
        return maps

    def sampled_maps(self, trunk: Tensor, samples: int, sampler: torch.Generator) -> Tensor:
        """Return Monte Carlo samples of one photo's class maps, [sample, class, rows, columns]."""
        draws = -(-samples // HEAD_DRAWS)
        activations = self.activations(trunk.expand(draws, -1, -1, -1), sampler).repeat_interleave(HEAD_DRAWS, 0)[:samples]
        maps: Tensor = self.head(self.drop(activations, self.dropout, sampler))
        return maps

    def drop(self, x: Tensor, rate: float, sampler: torch.Generator | None = None) -> Tensor:
        """Switch off whole channels at `rate`, in training or with a `sampler`."""
        # drawn here rather than in nn.Dropout2d, whose one random state all sessions of a process would share
        if not self.training and sampler is None:
            return x
        kept = torch.empty(x.shape[:2], device=x.device).bernoulli_(1 - rate, generator=sampler)
        return x * (kept / (1 - rate)).to(x.dtype)[:, :, None, None]

    def photo_evidence(self, photos: Tensor) -> Tensor:
        """Return the photos' own evidence, [batch, class]."""
        return self.class_maps(self.trunk(photos)).mean((2, 3))

    def notes_terms(self, levels: Tensor) -> Tensor:
        """Return one term for each field, [batch, field, class]; zero where level is 0 (not recorded)."""
        return torch.stack([table(levels[:, index]) for index, table in enumerate(self.fields)], 1)
