"""How fast and how large derm-xai batch is, against its bare network: python -m benchmarks.batch."""

from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from benchmarks.cases import draw_photos, write_cases
from benchmarks.memory import peak_mib_of_batch
from benchmarks.rounds import Seconds, Ways, in_turn, ratios, spread
from benchmarks.setting import machine, options, prepared, settings
from derm_xai.batch.cases import Case, read_cases
from derm_xai.batch.run import run
from derm_xai.classify.checkpoint import Model, load_model
from derm_xai.classify.network import EvidenceNet
from derm_xai.evaluate.card_tables import table
from derm_xai.settings import Settings

BATCH = "derm-xai batch"
BARE = "network alone, {} at a time"
READING = "files read for the network, {} at a time"
SIZES = (1, 8, 32)
CHUNK = 16
"""Cases of two photos in a round: as many photos as in the largest batch."""
WARM_UP = 1
MEMORY_LIMIT_MIB = 1536


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw photos; time batch and the network in turn, chunk by chunk; take the memory of longer and longer runs."""
    parser = options("Time derm-xai batch against its bare network, and measure its memory.")
    parser.add_argument("--cases", type=int, default=400, help="cases of two photos to time")
    parser.add_argument("--lesions", type=int, default=32, help="different lesions to draw, each for a case of two photos")
    parser.add_argument("--memory", type=int, nargs="*", default=(200, 400, 800), help="cases of the runs to take memory of")
    given = parser.parse_args(arguments)
    chosen = settings(given.model)
    with TemporaryDirectory() as name:
        folder = Path(name)
        draw_photos(folder, given.lesions)
        print(machine(), end="\n\n")
        cases = write_cases(folder, given.cases + WARM_UP * CHUNK, given.lesions)
        print(speed_report(speed(cases, folder, load_model(chosen.model_folder()), chosen)))
        peaks = {count: peak_mib_of_batch(write_cases(folder, count, given.lesions), folder, chosen) for count in given.memory}
        print(memory_report(peaks))


def speed(cases: Path, folder: Path, model: Model, settings: Settings) -> Seconds:
    """Return the seconds for each photo, by way, in each whole chunk of cases after the warm-up."""
    every = list(read_cases(cases))
    chunks = [every[end - CHUNK : end] for end in range(CHUNK, len(every) + 1, CHUNK)]
    taken = in_turn((ways(chunk, folder, model, settings) for chunk in chunks), WARM_UP)
    return {name: [chunk / (2 * CHUNK) for chunk in each] for name, each in taken.items()}


def ways(cases: Sequence[Case], folder: Path, model: Model, settings: Settings) -> Ways:
    """Return derm-xai batch, and its bare network on the same photos, as files and as pixels in memory."""
    files = [folder / row["photo"] for case in cases for row in case.rows]
    photos = [_decoded(file) for file in files]
    inputs = torch.cat([prepared(photo) for photo in photos])
    network = model.network
    return {
        BATCH: lambda: _batch(cases, folder, model, settings),
        **{BARE.format(size): partial(_bare, network, inputs, size) for size in SIZES},
        **{READING.format(size): partial(_bare_from_files, network, files, size) for size in SIZES},
    }


def speed_report(seconds: Seconds) -> str:
    """Return a Markdown table of photos a second, and the share of them that batch reaches; seconds are for each photo."""
    batch = seconds[BATCH]
    rows = [(name, spread([1 / each for each in taken]), spread(ratios(taken, batch), 2)) for name, taken in seconds.items()]
    return "\n\n".join(
        (
            table(("what", "photos a second: median (least to most)", "batch's share of it"), rows),
            f"{_shares(seconds, 'its network', BARE)} {_shares(seconds, 'its network with files to read', READING)} "
            f"(At least half.) {len(batch)} chunks; shares are taken in each chunk.",
        )
    )


def memory_report(peaks: Mapping[int, float]) -> str:
    """Return a Markdown table of the peak memory of runs with so many cases."""
    rows = [(str(cases), f"{peak:.0f}") for cases, peak in peaks.items()]
    return f"\n{table(('cases', 'peak resident memory, MiB'), rows)}\n\nThe limit is {MEMORY_LIMIT_MIB} MiB."


def _shares(seconds: Seconds, what: str, name: str) -> str:
    best = min(SIZES, key=lambda size: median(seconds[name.format(size)]))
    single, fastest = (median(ratios(seconds[name.format(size)], seconds[BATCH])) for size in (1, best))
    return f"Batch has {single:.2f} of the speed of {what} one at a time, {fastest:.2f} of its best, {best} at a time."


def _batch(cases: Sequence[Case], folder: Path, model: Model, settings: Settings) -> None:
    with redirect_stderr(StringIO()):  # the progress bar
        failed = run(cases, folder, folder / "results.jsonl", model, settings)
    if failed:
        raise RuntimeError(f"{failed} cases failed, so their time says nothing.")


@torch.inference_mode()
def _bare(network: EvidenceNet, inputs: Tensor, size: int) -> Tensor:
    return torch.cat([network.photo_evidence(some) for some in torch.split(inputs, size)])


def _bare_from_files(network: EvidenceNet, files: Sequence[Path], size: int) -> Tensor:
    groups = (files[start : start + size] for start in range(0, len(files), size))
    return torch.cat([_bare(network, torch.cat([prepared(_decoded(file)) for file in group]), size) for group in groups])


def _decoded(file: Path) -> NDArray[np.uint8]:
    """Decode without the checks and measures of `derm_xai.photo`."""
    return np.asarray(Image.open(file).convert("RGB"))


if __name__ == "__main__":
    main()
