"""The whole network: trunks side by side, one class-map head over all of them, and one term for each thing the notes say.

    score = prior + Σ photos (mean over cells of the class map + image-type term) + Σ notes fields (term)

Two side tasks share the trunks and add nothing to the score: concept maps (ulceration, hair, gel, ...), the lesion's outline.

Class-map head: Zhou et al. 2016 (arXiv 1512.04150). Departures: channel dropout in the last stages, so that Monte Carlo samples
(Gal and Ghahramani 2016, arXiv 1506.02142) repeat only the tail, and each draw of the last layers serves several draws of the
head; no bias in the head, since the prior is a term of its own; the head reads the last activations of every trunk, so that a
deep ensemble (Lakshminarayanan et al. 2017, arXiv 1612.01474) of trunks is one class map and the ledger stays one ledger. So is
test-time augmentation: what a look finds is laid back over the photo, and the activations are the mean over the looks.
"""

from collections.abc import Sequence
from itertools import chain
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from derm_xai.classify.columns import COLUMNS, LAST, Architecture, Column, MaskDecoder
from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept

STRIDE = 32
HEAD_DRAWS = 6
LOOKS: dict[int, tuple[tuple[int, ...], ...]] = {0: ((), (-2, -1)), 1: ((-1,), (-2,))}
"""By how many cells the photo is smaller in height and width, to the axes along which each look at this size turns it over.

As it is and by half a turn; smaller, left to right and upside down. So a photo and the same by half a turn have the same looks.
"""


class EvidenceNet(nn.Module):
    """Every term of the score. Inputs: photos [batch, 3, 32·rows, 32·columns] RGB in -1..1; levels as `notes.levels.encode`.

    What the columns say of a place in the photo lies side by side in the channels, in their order. With `four_looks` it takes
    all the LOOKS, else the first. One draw of dropout is one thinned network, which takes all the looks.
    """

    def __init__(self, dropout: float = 0.2, columns: Sequence[Architecture] = COLUMNS, *, four_looks: bool = False) -> None:
        super().__init__()
        self.four_looks = four_looks
        self.columns = nn.ModuleList(map(Column, columns))
        classes, last = len(DIAGNOSES), LAST * len(columns)
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
    def looks(self) -> dict[int, tuple[tuple[int, ...], ...]]:
        """How each look sees the photo, as in LOOKS; the first sees it as it is."""
        return LOOKS if self.four_looks else {0: ((),)}

    @property
    def architectures(self) -> tuple[Architecture, ...]:
        """What the columns are, in their order."""
        return tuple(column.architecture for column in self.trunks)

    def steps(self, photos: Tensor) -> list[Tensor]:
        """Return the features at strides 4, 8 and 16, [batch, channel, row, column], and at 32, [batch, look, channel, ...].

        The finer ones are of the photo as it is: outline and novelty need no other look. Each look keeps its own direction;
        a smaller one is laid over the cells of the first.
        """
        full, *smaller = [self._features(_shrink(photos, cells), turns) for cells, turns in self.looks.items()]
        laid = [interpolate(steps[-1], full[-1].shape[2:], mode="bilinear") for steps in smaller]
        last = torch.cat([full[-1], *laid])
        as_it_is = [step[: len(photos)] for step in full[:-1]]
        return [*as_it_is, torch.stack(torch.split(last, len(photos)), 1)]

    def _features(self, photos: Tensor, turns: Sequence[tuple[int, ...]]) -> list[Tensor]:
        """Return the features at each stride, one look after the other in the batch and the columns side by side."""
        turned = torch.cat([photos.flip(axes) for axes in turns])
        return [torch.cat(steps, 1) for steps in zip(*(column.steps(turned) for column in self.trunks), strict=True)]

    def mask(self, steps: Sequence[Tensor]) -> Tensor:
        """Return the log-odds of "lesion", [batch, height/4, width/4]: the mean of the columns' answers."""
        widths = map(list, zip(*(architecture.widths for architecture in self.architectures), strict=True))
        as_it_is = (*steps[:-1], steps[-1][:, 0])
        own = (torch.split(step, width, 1) for step, width in zip(as_it_is, widths, strict=True))
        outlines = [decoder(parts) for decoder, parts in zip(self.decoders, zip(*own, strict=True), strict=True)]
        return torch.stack(outlines).mean(0)

    def deepen(self, step: Tensor) -> Tensor:
        """Return the trunks' features from the last step, [batch, look, channel, row, column]; no sampler changes them."""
        widths = [architecture.widths[-1] for architecture in self.architectures]
        parts = torch.split(self.drop(step, self.dropout / 2).flatten(0, 1), widths, 1)
        deep = torch.cat([column.deepen(part) for column, part in zip(self.trunks, parts, strict=True)], 1)
        return torch.unflatten(deep, 0, step.shape[:2])

    def trunk(self, photos: Tensor) -> Tensor:
        """Return what runs once for each photo, [batch, look, channel, row, column]."""
        return self.deepen(self.steps(photos)[-1])

    def activations(self, trunk: Tensor, sampler: torch.Generator | None = None) -> Tensor:
        """Return the last activations, [batch, channel, row, column], with dropout in training or from a `sampler`."""
        seen = self._seen(trunk, sampler).unbind(1)
        turns = chain.from_iterable(self.looks.values())
        return torch.stack([look.flip(axes) for look, axes in zip(seen, turns, strict=True)]).mean(0)

    def _seen(self, trunk: Tensor, sampler: torch.Generator | None = None) -> Tensor:
        """Return each look's last activations in its own direction, [batch, look, channel, row, column]."""
        deep = [architecture.deep for architecture in self.architectures]
        parts = torch.split(self.drop(trunk, self.dropout / 2, sampler).flatten(0, 1), deep, 1)
        last = torch.cat([column.last(part) for column, part in zip(self.trunks, parts, strict=True)], 1)
        return torch.unflatten(last, 0, trunk.shape[:2])

    def opinions(self, trunk: Tensor) -> Tensor:
        """Return what each look of each column makes of the photo, [batch, look, column, class].

        The mean over both is the photo's evidence: these are the members of the ensemble that the network is.
        """
        pooled = torch.unflatten(self._seen(trunk).mean((3, 4)), 2, (len(self.columns), LAST))
        heads = torch.unflatten(self.head.weight[:, :, 0, 0], 1, (len(self.columns), LAST))
        return torch.einsum("blkc,dkc->blkd", pooled, heads) * len(self.columns)

    def class_maps(self, trunk: Tensor) -> Tensor:
        """Return the score of each cell for each class, [batch, class, rows, columns]; the mean over cells is the evidence."""
        maps: Tensor = self.head(self.drop(self.activations(trunk), self.dropout))
        return maps

    def sampled_maps(self, trunk: Tensor, samples: int, sampler: torch.Generator) -> Tensor:
        """Return Monte Carlo samples of one photo's class maps, [sample, class, rows, columns]."""
        draws = -(-samples // HEAD_DRAWS)
        activations = self.activations(trunk.expand(draws, -1, -1, -1, -1), sampler).repeat_interleave(HEAD_DRAWS, 0)[:samples]
        maps: Tensor = self.head(self.drop(activations, self.dropout, sampler))
        return maps

    def drop(self, x: Tensor, rate: float, sampler: torch.Generator | None = None) -> Tensor:
        """Switch off whole channels at `rate`, in training or with a `sampler`; all looks of a photo lose the same."""
        # drawn here rather than in nn.Dropout2d, whose one random state all sessions of a process would share
        if not self.training and sampler is None:
            return x
        kept = torch.empty((len(x), *[1] * (x.ndim - 4), x.shape[-3]), device=x.device).bernoulli_(1 - rate, generator=sampler)
        return x * (kept / (1 - rate)).to(x.dtype)[..., None, None]

    def photo_evidence(self, photos: Tensor) -> Tensor:
        """Return the photos' own evidence, [batch, class]."""
        return self.class_maps(self.trunk(photos)).mean((2, 3))

    def notes_terms(self, levels: Tensor) -> Tensor:
        """Return one term for each field, [batch, field, class]; zero where level is 0 (not recorded)."""
        return torch.stack([table(levels[:, index]) for index, table in enumerate(self.fields)], 1)


def _shrink(photos: Tensor, cells: int) -> Tensor:
    """Return the photos smaller by so many cells of STRIDE pixels in height and width, but of one cell at least."""
    if not cells:
        return photos
    size = [max(STRIDE, side - cells * STRIDE) for side in photos.shape[2:]]
    return interpolate(photos, size, mode="bicubic", antialias=True).clamp(-1, 1)
