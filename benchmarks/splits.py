"""How much a split by photo flatters: python -m benchmarks.splits --data DIR --pretrained FILE.

One small network is trained twice on HAM10000 by one recipe and judged on the same photos. Naive: the photos were dealt out
at random, so that other photos of a judged lesion are in training. Grouped: no photo of a judged lesion is in training. Both
train on equally many photos of each class.
"""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, pad
from tqdm import tqdm

from benchmarks.baselines import beside, cells, difference
from benchmarks.setting import machine
from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import scale
from derm_xai.datasets.near_duplicates import known_copies
from derm_xai.datasets.sources import LabelledCase, ham10000
from derm_xai.errors import DataError
from derm_xai.evaluate.card_tables import table
from derm_xai.evaluate.metrics import RESAMPLES, Metric, balanced_accuracy, intervals, macro_auc
from derm_xai.evaluate.scored import Scored
from derm_xai.photo import read_photo
from derm_xai.train.loop import half_precision
from derm_xai.train.pretrained import mobilenet_v2
from derm_xai.vocabulary import DIAGNOSES, Diagnosis, ImageType

METRICS: dict[str, Metric] = {"balanced accuracy": balanced_accuracy, "macro AUC": macro_auc}
HEIGHT, WIDTH = 96, 128
SHARE = 0.2
"""Of the photos of each class that is judged."""
EPOCHS = 4
BATCH = 32
RATE, HEAD_RATE, WEIGHT_DECAY = 6e-4, 3e-3, 0.03
SEED = 0
CPU = torch.device("cpu")


@dataclass(frozen=True)
class Photos:
    """`pixels` uint8 [photo, 96, 128, 3], `label` [photo], `lesion` [photo]."""

    pixels: NDArray[np.uint8]
    label: NDArray[np.int64]
    lesion: NDArray[np.str_]


@dataclass(frozen=True)
class Deal:
    """Rows of the photos: those that are judged, and two training sets of equally many photos of each class."""

    judged: NDArray[np.int64]
    naive: NDArray[np.int64]
    grouped: NDArray[np.int64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train twice and print how the two do."""
    parser = ArgumentParser(description="Measure how much a split by photo flatters, on HAM10000.")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="HAM10000, as published")
    parser.add_argument("--pretrained", type=Path, required=True, metavar="FILE", help="ImageNet MobileNetV2 as safetensors")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    given = parser.parse_args(arguments)
    photos = read(list(wanted(ham10000(given.data))))
    dealt = deal(photos.label, photos.lesion)
    started = monotonic()
    scored = [
        judge(fit(given.pretrained, photos, rows, given.epochs), photos, dealt.judged) for rows in (dealt.naive, dealt.grouped)
    ]
    print(machine(), end="\n\n")
    print(report(photos, dealt, *scored))
    print(f"\nPhotos of {HEIGHT} by {WIDTH} px, {given.epochs} epochs, {monotonic() - started:.0f} s for both.")


def wanted(cases: Sequence[LabelledCase]) -> Iterator[LabelledCase]:
    """Yield the cases but VASC, whose photos are softer than the rest, and but near copies that go by another lesion's name."""
    copies = known_copies()
    yield from (case for case in cases if case.diagnosis is not Diagnosis.VASC and case.case_id not in copies)


def read(cases: Sequence[LabelledCase]) -> Photos:
    """Decode the photos at the small size."""
    if not cases:
        raise DataError("HAM10000 was not found in that folder. Download it first.")
    with ThreadPoolExecutor() as pool:
        pixels = list(tqdm(pool.map(small, cases), "photos", len(cases)))
    label = [DIAGNOSES.index(case.diagnosis) for case in cases]
    return Photos(np.stack(pixels), np.array(label), np.array([case.group for case in cases]))


def small(case: LabelledCase) -> NDArray[np.uint8]:
    """Return the case's one photo at 96 by 128 px."""
    pixels = read_photo(case.photos[0].read(), ImageType.DERMOSCOPIC).pixels
    return np.asarray(Image.fromarray(pixels).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC))


def deal(label: NDArray[np.int64], lesion: NDArray[np.str_], seed: int = SEED) -> Deal:
    """Draw the judged photos of each class at random, and two training sets of equal size from the rest."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(label))
    by_class = [order[label[order] == each] for each in np.unique(label)]
    counts = [round(SHARE * len(rows)) for rows in by_class]
    judged = np.concatenate([rows[:count] for rows, count in zip(by_class, counts, strict=True)])
    naive, grouped = [], []
    for rows, count in zip(by_class, counts, strict=True):
        rest = rows[count:]
        apart = rest[~np.isin(lesion[rest], lesion[judged])]
        grouped.append(apart)
        naive.append(generator.permutation(rest)[: len(apart)])
    return Deal(judged, np.concatenate(naive), np.concatenate(grouped))


def fit(pretrained: Path, photos: Photos, rows: NDArray[np.int64], epochs: int) -> EvidenceNet:
    """Train the trunk and the class-map head from ImageNet weights; a class weighs the inverse square root of its count."""
    torch.manual_seed(SEED)
    network = mobilenet_v2(pretrained).train()
    label = torch.from_numpy(photos.label)
    weight = torch.bincount(label[rows], minlength=len(DIAGNOSES)).clamp(min=1).float().rsqrt()
    groups = [
        {"params": network.columns.parameters(), "lr": RATE},
        {"params": network.head.parameters(), "lr": HEAD_RATE},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    steps = len(rows) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [RATE, HEAD_RATE], epochs * steps, pct_start=0.1, cycle_momentum=False
    )
    for epoch in range(epochs):
        shuffled = torch.from_numpy(rows)[torch.randperm(len(rows))]
        for batch in tqdm(torch.split(shuffled[: steps * BATCH], BATCH), f"epoch {epoch + 1}", mininterval=5):
            views = augmented(scale(photos.pixels[batch.numpy()])).contiguous(memory_format=torch.channels_last)
            with half_precision(CPU):
                scores = network.photo_evidence(views)
            loss = cross_entropy(scores.float(), label[batch], weight)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def augmented(photos: Tensor, margin: int = 8) -> Tensor:
    """Return photos [photo, 3, 96, 128] in -1..1 flipped, shifted together by up to 8 px, each with a light of its own."""
    for axis in (2, 3):
        turned = (torch.rand(len(photos), 1, 1, 1) < 0.5).float()
        photos = photos.lerp(photos.flip(axis), turned)
    top, left = torch.randint(2 * margin + 1, (2,)).tolist()
    shifted = pad(photos, (margin,) * 4, "reflect")[:, :, top : top + HEIGHT, left : left + WIDTH]
    light = torch.empty(len(photos), 3, 1, 1).uniform_(0.9, 1.1)
    return (((shifted + 1) / 2 * light).clamp(0, 1)) * 2 - 1


@torch.inference_mode()
def judge(network: EvidenceNet, photos: Photos, rows: NDArray[np.int64], batch: int = 64) -> Scored:
    """Return the judged photos with the network's probabilities."""
    scores = []
    for chosen in np.array_split(rows, -(-len(rows) // batch)):
        with half_precision(CPU):
            views = scale(photos.pixels[chosen]).contiguous(memory_format=torch.channels_last)
            scores.append(network.photo_evidence(views).double())
    return Scored(torch.cat(scores).softmax(1).numpy(), photos.label[rows], photos.lesion[rows])


def report(photos: Photos, dealt: Deal, naive: Scored, grouped: Scored) -> str:
    """Return a table of both splits and their difference, on the same photos and the same resamples."""
    against = {name: difference(metric) for name, metric in METRICS.items()}
    rows = [
        (name, str(len(training)), shared(photos, training, dealt.judged), *cells(intervals(METRICS, scored, RESAMPLES)))
        for name, training, scored in (("naive, by photo", dealt.naive, naive), ("grouped, by lesion", dealt.grouped, grouped))
    ]
    gap = ("naive − grouped", "", "", *cells(intervals(against, beside(naive, grouped), RESAMPLES), "+"))
    return table(
        ("split", "training photos", "validation photos, and those whose lesion is in training", *METRICS), [*rows, gap]
    )


def shared(photos: Photos, training: NDArray[np.int64], judged: NDArray[np.int64]) -> str:
    """Return how many photos are judged, and of how many another photo of the lesion is in training."""
    return f"{len(judged)}, {np.isin(photos.lesion[judged], photos.lesion[training]).sum()}"


if __name__ == "__main__":
    main()
