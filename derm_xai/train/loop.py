"""The training loop: one network on all sets, each with its own class mix as a known offset.

A case's score is trained as offset + evidence, the offset being the log class frequency of its source under the sampling used
(logit adjustment, Menon et al. 2021, arXiv 2007.07314, by source). So the evidence need not learn that a
dermoscopic photo from one camera is usually a naevus, and the prior stays free for the reader to state.

Side tasks on the same trunk: MONET's concept scores of MILK10k as soft labels, and HAM10000's lesion masks (cross-entropy and
soft Dice; Milletari et al. 2016, arXiv 1606.04797). Mixup (Zhang et al. 2018, arXiv 1710.09412) blends whole cases: photos,
notes terms, offsets and labels, which are all linear on the log-odds scale.
"""

import json
import time
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import cast

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, binary_cross_entropy_with_logits, cross_entropy, one_hot
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.preprocess import scale
from derm_xai.errors import DataError
from derm_xai.train.augment import CANVAS, Augment, artefact_sheets, canvas
from derm_xai.train.corpus import Corpus, log_class_mix
from derm_xai.train.evidence import all_terms, score_table
from derm_xai.train.recipes import Recipe
from derm_xai.train.sense import centre, level_counts
from derm_xai.vocabulary import DIAGNOSES

SNAPSHOT = "averaged.safetensors"
SMALL = (160, 224)
MIXED = 0.4
"""Both parameters of the beta distribution from which mixup draws."""


def fit(network: EvidenceNet, train: Corpus, check: Corpus, recipe: Recipe, run: Path) -> EvidenceNet:
    """Train a network of one column, and return it with averaged weights, held back by what the recipe says is `kept`.

    `train` was read at the area of CANVAS, `check` as the finished network sees photos. `run` holds the log and one checkpoint;
    a started run is taken up again there.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(recipe.seed)
    before = deepcopy(network).to(device)
    trainer = _Trainer(network.to(device), train.only(recipe.only) if recipe.only else train, recipe, device)
    first = trainer.resume(run)
    for epoch in range(first, recipe.epochs):
        started = time.monotonic()
        loss = trainer.epoch(epoch)
        figures = score_table(all_terms(trainer.averaged, check, device), check)
        line = {"epoch": epoch + 1, "loss": round(loss, 4), "seconds": round(time.monotonic() - started), **figures}
        with (run / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        tqdm.write(json.dumps(line))
        trainer.save(run, epoch + 1)
    fitted = _hold_back(trainer.averaged, before, recipe.kept)
    save_file(fitted.state_dict(), run / SNAPSHOT)
    return fitted


@torch.no_grad()
def _hold_back(network: EvidenceNet, before: EvidenceNet, kept: float) -> EvidenceNet:
    """Return the network with this share of the weights before (Wortsman et al. 2022, arXiv 2109.01903).

    What it learned from one type of photo mostly stays, and what it knew of the other comes back. Departure: the terms of notes
    and image types, which cases of both types share, are those before. With nothing `kept` the network stays as it is.
    """
    if not kept:
        return network
    known = before.state_dict()
    for name, tensor in network.state_dict().items():
        if name.startswith(("fields.", "image_type.")):
            tensor.copy_(known[name])
        elif tensor.is_floating_point():
            tensor.lerp_(known[name], kept)
    return network


class _Trainer:
    def __init__(self, network: EvidenceNet, train: Corpus, recipe: Recipe, device: torch.device) -> None:
        self.network, self.train, self.recipe, self.device = network, train, recipe, device
        average = get_ema_multi_avg_fn(recipe.average)  # type: ignore[no-untyped-call]
        self.average = AveragedModel(network, multi_avg_fn=average, use_buffers=True)
        self.photos = np.stack([canvas(pixels) for pixels in train.photos])
        self.masks = {index: canvas(mask) for index, mask in enumerate(train.masks) if mask.size}
        self.sheets = artefact_sheets(recipe.seed)
        self.features = network.trunks[0].features
        self.features[: recipe.frozen].requires_grad_(False)
        self.photos_of = _photos_of(train)
        self.weights = _sampling_weights(train)
        self.answers = level_counts(train.levels)
        self.offset = log_class_mix(train, self.weights).to(device)
        head = [p for name, p in network.named_parameters() if not name.startswith("columns")]
        self.optimiser = torch.optim.AdamW(
            [
                {"params": self.features[recipe.frozen :].parameters(), "lr": recipe.rate},
                {"params": head, "lr": recipe.head_rate},
            ],
            weight_decay=recipe.weight_decay,
        )
        self.steps = len(train) // recipe.batch
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimiser, [recipe.rate, recipe.head_rate], recipe.epochs * self.steps, pct_start=0.1, cycle_momentum=False
        )

    @property
    def averaged(self) -> EvidenceNet:
        """The network with the moving average of the weights."""
        return cast(EvidenceNet, self.average.module)

    def epoch(self, number: int) -> float:
        """Run one epoch and return its mean loss."""
        size = SMALL if number < self.recipe.small_epochs else CANVAS
        augment = Augment(size, self.sheets)
        generator = torch.Generator().manual_seed(self.recipe.seed + 1000 * number)
        self.network.train()
        self.features[: self.recipe.frozen].eval()
        total = 0.0
        for cases in tqdm(self._batches(number, generator), f"epoch {number + 1}", mininterval=10):
            loss = self._loss(cases, augment)
            self.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
            self.optimiser.step()
            centre(self.network, self.answers)
            self.schedule.step()
            self.average.update_parameters(self.network)
            total += loss.item()
        return total / self.steps

    def _batches(self, number: int, generator: torch.Generator) -> list[Tensor]:
        """Draw an epoch's batches, each with the same number of two-photo cases.

        A batch of another size makes oneDNN build its kernels anew, which costs more than the step.
        """
        weights = (
            self.weights if number < self.recipe.small_epochs else self.weights * _source_weights(self.train, self.weights)
        )
        paired = torch.tensor([len(photos) > 1 for photos in self.photos_of])
        pairs = round(self.recipe.batch * float(weights[paired].sum() / weights.sum()))
        drawn = [
            torch.multinomial(weights * mask, self.steps * count, replacement=True, generator=generator).view(-1, count)
            for mask, count in ((paired, pairs), (~paired, self.recipe.batch - pairs))
            if count
        ]
        return list(torch.cat(drawn, 1))

    def _loss(self, cases: Tensor, augment: Augment) -> Tensor:
        chosen = [photo for case in cases.tolist() for photo in self.photos_of[case]]
        owner = torch.tensor([row for row, case in enumerate(cases.tolist()) for _ in self.photos_of[case]]).to(self.device)
        photos, masks = augment(scale(self.photos[chosen]).to(self.device), self._masks(chosen).to(self.device))
        levels = self.train.levels[cases]
        levels = levels * (torch.rand(levels.shape) >= self.recipe.field_dropout)
        types = self.network.image_type(self.train.image_type[chosen].to(self.device))
        notes = self.network.notes_terms(levels.to(self.device)).sum(1)
        offset = self.offset[self.train.source[cases]]
        # smoothing goes towards the source's class mix: towards equal shares it would teach HAM10000 photos inflammation
        target = one_hot(self.train.label[cases].to(self.device), len(DIAGNOSES)).float()
        target = target.lerp(offset.exp(), self.recipe.smoothing)

        mixed = torch.rand(()) < self.recipe.mixup
        if mixed:
            share, partner = _partners(owner)
            notes, offset, target = (_blend(table, share, partner) for table in (notes, offset, target))
            photos, types = (_blend(table, share[owner], _partner_photos(owner, partner)) for table in (photos, types))
        with half_precision(self.device):
            steps = self.network.steps(photos.contiguous(memory_format=torch.channels_last))
            activations = self.network.activations(self.network.deepen(steps[-1]))
            evidence = self.network.head(self.network.drop(activations, self.network.dropout)).mean((2, 3))
            # what is to be seen in a blend of two photos, and where, is not known
            aside = 0.0 if mixed else self._side_loss(steps, activations, self.train.concepts[chosen], masks)
        views = evidence.float() + types
        both = torch.zeros_like(notes).index_add(0, owner, views)
        # every voice must stand alone: all together, the photos, each photo, the notes
        return (
            cross_entropy(offset + both + notes, target)
            + 0.5 * cross_entropy(offset + both, target)
            + 0.5 * cross_entropy(offset[owner] + views, target[owner])
            + 0.3 * cross_entropy(offset + notes, target)
            + 0.5 * aside
        )

    def _side_loss(self, steps: list[Tensor], activations: Tensor, concepts: Tensor, masks: Tensor) -> Tensor:
        seen = self.network.concepts(activations).mean((2, 3)).float()
        return _concept_loss(seen, concepts) + _mask_loss(self.network.mask(steps).float(), masks)

    def _masks(self, chosen: list[int]) -> Tensor:
        """Return masks [photo, height, width] in 0..1; NaN all over where none is known."""
        unknown = np.full(CANVAS, np.nan, np.float32)
        masks = [self.masks[photo] / np.float32(255) if photo in self.masks else unknown for photo in chosen]
        return torch.from_numpy(np.stack(masks))

    def resume(self, run: Path) -> int:
        """Take up the run's checkpoint, if any; return the epochs done. Raises DataError where another recipe made it."""
        run.mkdir(parents=True, exist_ok=True)
        path, recipe, mine = run / "checkpoint.pt", run / "recipe.json", json.dumps(asdict(self.recipe))
        if not path.exists():
            recipe.write_text(mine, encoding="utf-8")
            return 0
        if recipe.read_text(encoding="utf-8") != mine:
            raise DataError("Another recipe made the run that is there. Name another --run, or another --id.")
        state = torch.load(path, self.device, weights_only=True)
        for name in ("network", "average", "optimiser", "schedule"):
            getattr(self, name).load_state_dict(state[name])
        torch.manual_seed(self.recipe.seed + state["epoch"])
        return int(state["epoch"])

    def save(self, run: Path, epoch: int) -> None:
        """Write the run's checkpoint, replacing the last."""
        state = {name: getattr(self, name).state_dict() for name in ("network", "average", "optimiser", "schedule")}
        torch.save({"epoch": epoch, **state}, run / "checkpoint.tmp")
        (run / "checkpoint.tmp").replace(run / "checkpoint.pt")


def _partners(owner: Tensor) -> tuple[Tensor, Tensor]:
    """Draw for each case the case it is blended with, which has as many photos, and its own share of the blend."""
    photos = owner.bincount()
    partner = torch.arange(len(photos), device=owner.device)
    for count in torch.unique(photos):
        alike = (photos == count).nonzero()[:, 0]
        partner[alike] = alike[torch.randperm(len(alike), device=owner.device)]
    share = torch.distributions.Beta(MIXED, MIXED).sample((len(photos),)).to(owner.device)
    return torch.maximum(share, 1 - share), partner


def _partner_photos(owner: Tensor, partner: Tensor) -> Tensor:
    """Return for each photo the photo of the partner case that stands at the same place (close-up with close-up)."""
    first = torch.searchsorted(owner, torch.arange(len(partner), device=owner.device))
    return first[partner[owner]] + torch.arange(len(owner), device=owner.device) - first[owner]


def _blend(table: Tensor, share: Tensor, partner: Tensor) -> Tensor:
    return table[partner].lerp(table, share.view(-1, *[1] * (table.ndim - 1)))


def _concept_loss(logits: Tensor, scores: Tensor) -> Tensor:
    """Return the cross-entropy on the photos whose concepts are known; zero where none is."""
    known = ~scores[:, 0].isnan()
    if not known.any():
        return logits.new_zeros(())
    return binary_cross_entropy_with_logits(logits[known], scores[known].to(logits.device))


def _mask_loss(outlines: Tensor, masks: Tensor) -> Tensor:
    """Return cross-entropy plus one minus soft Dice, on the photos with a mask, at the decoder's resolution; else zero."""
    known = ~masks[:, 0, 0].isnan()
    if not known.any():
        return outlines.new_zeros(())
    target = avg_pool2d(masks[known, None], 4)[:, 0]
    inside = outlines[known].sigmoid()
    dice = (2 * (inside * target).sum((1, 2)) + 1) / (inside.sum((1, 2)) + target.sum((1, 2)) + 1)
    return binary_cross_entropy_with_logits(outlines[known], target) + 1 - dice.mean()


def _photos_of(corpus: Corpus) -> list[list[int]]:
    photos_of: list[list[int]] = [[] for _ in range(len(corpus))]
    for photo, case in enumerate(corpus.owner.tolist()):
        photos_of[case].append(photo)
    return photos_of


def _sampling_weights(corpus: Corpus) -> Tensor:
    """Draw a class in proportion to the square root of its count: rare classes are seen, common ones not forgotten."""
    count = torch.bincount(corpus.label, minlength=len(DIAGNOSES)).clamp(min=1)
    return count[corpus.label].float().rsqrt()


def _source_weights(corpus: Corpus, weights: Tensor) -> Tensor:
    """Draw a source, too, in proportion to the square root of its share; within a source the class mix stays as it was.

    Only in the full-size epochs: balance that comes late costs the features nothing (Cao et al. 2019, arXiv 1906.07413).
    """
    share = torch.zeros(int(corpus.source.max()) + 1).index_add(0, corpus.source, weights)
    return share[corpus.source].rsqrt()


def half_precision(device: torch.device) -> torch.autocast:
    """Return a context in which convolutions run in bfloat16, where the machine is fast at it."""
    fast = device.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(device.type, torch.bfloat16, enabled=fast)
