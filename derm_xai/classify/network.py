"""The whole network: MobileNetV2, a class-map head, and one term for each thing the notes say.

    score = prior + Σ photos (mean over cells of the class map + image-type term) + Σ notes fields (term)

Two side tasks share the trunk and add nothing to the score: concept maps (ulceration, hair, gel, ...) and the lesion's outline.

MobileNetV2: Sandler et al. 2018 (arXiv 1801.04381), names as in torchvision, TensorFlow "SAME" padding as in the
ImageNet weights it starts from. Class-map head: Zhou et al. 2016 (arXiv 1512.04150). Departures: channel dropout in the last
stages, so that Monte Carlo samples (Gal and Ghahramani 2016, arXiv 1506.02142) repeat only the tail, and each draw of the last
layer serves three draws of the head; no bias in the head, since the prior is a term of its own.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from derm_xai.notes.levels import FIELDS
from derm_xai.vocabulary import DIAGNOSES, ImageType, VisualConcept

STRIDE = 32
HEAD_DRAWS = 3
_STEPS = (4, 7, 14, 17)  # features[:n] at strides 4, 8, 16 and 32, where the mask decoder looks in
_WIDTHS = (24, 32, 96, 160)
_BLOCKS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))


class SameConv2d(nn.Conv2d):
    """A 3×3 convolution that pads as TensorFlow's "SAME" does for even sizes: stride 2 pads right and bottom only."""

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, in, height, width] to [batch, out, height/stride, width/stride]."""
        before = 1 if self.stride[0] == 1 else 0
        x = nn.functional.pad(x, (before, 1, before, 1))
        return nn.functional.conv2d(x, self.weight, None, self.stride, 0, 1, self.groups)


def _convolution(inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    if stride == 2:
        layer: nn.Conv2d = SameConv2d(inputs, outputs, kernel, stride, groups=groups, bias=False)
    else:
        layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs), nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """Expand, filter by depth, project; add the input where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        layers: list[nn.Module] = [_convolution(inputs, hidden, 1)] if expansion > 1 else []
        layers += [
            _convolution(hidden, hidden, 3, stride, groups=hidden),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        ]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, inputs, height, width] to [batch, outputs, height/stride, width/stride]."""
        out: Tensor = self.conv(x)
        return x + out if self.residual else out


def _features() -> nn.Sequential:
    layers: list[nn.Module] = [_convolution(3, 32, 3, 2)]
    channels = 32
    for expansion, outputs, repeats, stride in _BLOCKS:
        for index in range(repeats):
            layers.append(InvertedResidual(channels, outputs, stride if index == 0 else 1, expansion))
            channels = outputs
    layers.append(_convolution(channels, 1280, 1))
    return nn.Sequential(*layers)


class MaskDecoder(nn.Module):
    """The lesion's outline from the trunk's four resolutions, coarse to fine (Lin et al. 2017, arXiv 1612.03144)."""

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(channels, width, 1) for channels in _WIDTHS)
        self.smooth = nn.ModuleList(
            nn.Sequential(_convolution(width, width, 3, groups=width), _convolution(width, width, 1)) for _ in _WIDTHS
        )
        self.outline = nn.Conv2d(width, 1, 1)

    def forward(self, steps: Sequence[Tensor]) -> Tensor:
        """Map features at strides 4 to 32 to the log-odds of "lesion", [batch, height/4, width/4]."""
        coarse: Tensor | None = None
        for step, lateral, smooth in reversed(list(zip(steps, self.lateral, self.smooth, strict=True))):
            fine = lateral(step)
            coarse = smooth(fine if coarse is None else fine + nn.functional.interpolate(coarse, size=fine.shape[2:]))
        outline: Tensor = self.outline(coarse)
        return outline[:, 0]


class EvidenceNet(nn.Module):
    """Every term of the score. Inputs: photos [batch, 3, 32·rows, 32·columns] RGB in -1..1; levels as `notes.levels.encode`."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        classes = len(DIAGNOSES)
        self.features = _features()
        self.dropout = dropout
        self.head = nn.Conv2d(1280, classes, 1, bias=False)
        self.concepts = nn.Conv2d(1280, len(VisualConcept), 1)
        self.mask = MaskDecoder()
        self.image_type = nn.Embedding(len(ImageType), classes)
        self.fields = nn.ModuleList(nn.Embedding(len(field.levels), classes, padding_idx=0) for field in FIELDS)
        self.prior = nn.Buffer(torch.zeros(classes))
        for table in (self.image_type, *self.fields):
            nn.init.zeros_(table.weight)

    def steps(self, photos: Tensor) -> list[Tensor]:
        """Return the features at strides 4, 8, 16 and 32 with 24, 32, 96 and 160 channels."""
        steps = []
        for start, end in pairwise((0, *_STEPS)):
            photos = self.features[start:end](photos)
            steps.append(photos)
        return steps

    def deepen(self, step: Tensor) -> Tensor:
        """Return the trunk's features from the last step, [batch, 320, rows, columns]; they do not depend on a sampler."""
        trunk: Tensor = self.features[_STEPS[-1]](self.drop(step, self.dropout / 2))
        return trunk

    def trunk(self, photos: Tensor) -> Tensor:
        """Return what runs once for each photo, [batch, 320, rows, columns]."""
        return self.deepen(self.steps(photos)[-1])

    def activations(self, trunk: Tensor, sampler: torch.Generator | None = None) -> Tensor:
        """Return the last activations, [batch, 1280, rows, columns], with dropout in training or from a `sampler`."""
        activations: Tensor = self.features[-1](self.drop(trunk, self.dropout / 2, sampler))
        return activations

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
