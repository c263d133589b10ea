"""The trunks that stand side by side in the network, and what each tells of the lesion's outline.

MobileNetV2: Sandler et al. 2018 (arXiv 1801.04381). EfficientNet-Lite2: Tan and Le 2019 (arXiv 1905.11946), in the variant
without squeeze-and-excitation and with ReLU6. Both with TensorFlow's "SAME" padding, as the ImageNet weights they start from;
names within a trunk as in torchvision's MobileNetV2.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import torch
from torch import Tensor, nn

STEM, LAST, OUTLINE = 32, 1280, 48
STEPS = 1, 2, 4, 5
"""The stages at whose ends the features are at strides 4, 8, 16 and 32."""


class Architecture(NamedTuple):
    """`blocks`: expansion, channels, repeats, stride, kernel, of seven stages. `epsilon`: of batch norm."""

    name: str
    blocks: tuple[tuple[int, int, int, int, int], ...]
    epsilon: float

    @property
    def steps(self) -> tuple[int, ...]:
        """Where the features are at strides 4, 8, 16 and 32: features[:n]."""
        ends = tuple(accumulate((block[2] for block in self.blocks), initial=1))
        return tuple(ends[stage + 1] for stage in STEPS)

    @property
    def widths(self) -> tuple[int, ...]:
        """The channels there."""
        return tuple(self.blocks[stage][1] for stage in STEPS)

    @property
    def deep(self) -> int:
        """The channels before the last layer."""
        return self.blocks[-1][1]


MOBILENET_V2 = Architecture(
    "mobilenet_v2",
    (
        (1, 16, 1, 1, 3),
        (6, 24, 2, 2, 3),
        (6, 32, 3, 2, 3),
        (6, 64, 4, 2, 3),
        (6, 96, 3, 1, 3),
        (6, 160, 3, 2, 3),
        (6, 320, 1, 1, 3),
    ),
    1e-5,
)
EFFICIENTNET_LITE2 = Architecture(
    "efficientnet_lite2",
    (
        (1, 16, 1, 1, 3),
        (6, 24, 3, 2, 3),
        (6, 48, 3, 2, 5),
        (6, 88, 4, 2, 3),
        (6, 120, 4, 1, 5),
        (6, 208, 5, 2, 5),
        (6, 352, 1, 1, 3),
    ),
    1e-3,
)
COLUMNS = (MOBILENET_V2, EFFICIENTNET_LITE2)


class SameConv2d(nn.Conv2d):
    """A convolution that pads as TensorFlow's "SAME" does for even sizes: with stride 2, one more right and below."""

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, in, height, width] to [batch, out, height/stride, width/stride]."""
        spare = self.kernel_size[0] - self.stride[0]
        x = nn.functional.pad(x, (spare // 2, spare - spare // 2) * 2)
        if self.kernel_size[0] == 3:
            return nn.functional.conv2d(x, self.weight, None, self.stride, 0, 1, self.groups)
        # in bfloat16, training's 5x5 depthwise convolutions take twice as long on a CPU
        with torch.autocast(x.device.type, enabled=False):
            return nn.functional.conv2d(x.float(), self.weight, None, self.stride, 0, 1, self.groups).to(x.dtype)


def _convolution(
    inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1, epsilon: float = 1e-5
) -> nn.Sequential:
    kind = nn.Conv2d if kernel == 1 else SameConv2d
    layer = kind(inputs, outputs, kernel, stride, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs, epsilon), nn.ReLU6(inplace=True))


class InvertedResidual(nn.Module):
    """Expand, filter by depth, project; add the input where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, stride: int, expansion: int, kernel: int, epsilon: float) -> None:
        super().__init__()
        hidden = inputs * expansion
        layers: list[nn.Module] = [_convolution(inputs, hidden, 1, epsilon=epsilon)] if expansion > 1 else []
        layers += [
            _convolution(hidden, hidden, kernel, stride, hidden, epsilon),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs, epsilon),
        ]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """Map [batch, inputs, height, width] to [batch, outputs, height/stride, width/stride]."""
        out: Tensor = self.conv(x)
        return x + out if self.residual else out


class Column(nn.Module):
    """One trunk, from pixels to the last activations."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        epsilon = architecture.epsilon
        layers: list[nn.Module] = [_convolution(3, STEM, 3, 2, epsilon=epsilon)]
        channels = STEM
        for expansion, outputs, repeats, stride, kernel in architecture.blocks:
            for index in range(repeats):
                step = stride if index == 0 else 1
                layers.append(InvertedResidual(channels, outputs, step, expansion, kernel, epsilon))
                channels = outputs
        layers.append(_convolution(channels, LAST, 1, epsilon=epsilon))
        self.features = nn.Sequential(*layers)

    def steps(self, photos: Tensor) -> list[Tensor]:
        """Return the features at strides 4, 8, 16 and 32."""
        steps = []
        for start, end in pairwise((0, *self.architecture.steps)):
            photos = self.features[start:end](photos)
            steps.append(photos)
        return steps

    def deepen(self, step: Tensor) -> Tensor:
        """Return the layer before the last, from the features at stride 32."""
        deep: Tensor = self.features[self.architecture.steps[-1]](step)
        return deep

    def last(self, deep: Tensor) -> Tensor:
        """Return the last activations, [batch, 1280, rows, columns]."""
        activations: Tensor = self.features[-1](deep)
        return activations


class MaskDecoder(nn.Module):
    """The lesion's outline from a trunk's four resolutions, coarse to fine (Lin et al. 2017, arXiv 1612.03144)."""

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(channels, OUTLINE, 1) for channels in widths)
        self.smooth = nn.ModuleList(
            nn.Sequential(_convolution(OUTLINE, OUTLINE, 3, groups=OUTLINE), _convolution(OUTLINE, OUTLINE, 1)) for _ in widths
        )
        self.outline = nn.Conv2d(OUTLINE, 1, 1)

    def forward(self, steps: Sequence[Tensor]) -> Tensor:
        """Map features at strides 4 to 32 to the log-odds of "lesion", [batch, height/4, width/4]."""
        coarse: Tensor | None = None
        for step, lateral, smooth in reversed(list(zip(steps, self.lateral, self.smooth, strict=True))):
            fine = lateral(step)
            coarse = smooth(fine if coarse is None else fine + nn.functional.interpolate(coarse, size=fine.shape[2:]))
        outline: Tensor = self.outline(coarse)
        return outline[:, 0]
