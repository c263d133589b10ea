"""The charts of the model card: reliability diagrams and risk-coverage curves, as SVG files whose text stays text.

Colours: Okabe and Ito 2008, told apart by colour-blind readers; dashes tell the lines apart without any colour. Drawn for a
white and for a dark page alike: no background, and a grey of about the same contrast on both.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from derm_xai.errors import DataError
from derm_xai.evaluate.metrics import BINS, width_bins
from derm_xai.evaluate.records import Doubt, Evaluation, Reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RELIABILITY, RISK_COVERAGE = "reliability.svg", "risk_coverage.svg"
GREY = "#777777"
COLORS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (2, 1.5), (7, 2, 2, 2), (1, 2.5), (10, 3), (4, 1.5, 1, 1.5, 1, 1.5))
"""On and off, in line widths."""
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "derm-xai",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "legend.frameon": False,
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), GREY),
}


def draw(evaluation: Evaluation, folder: Path) -> None:
    """Write reliability.svg and risk_coverage.svg into the folder, each where there is something to draw.

    The same evaluation gives the same bytes. Raises DataError where matplotlib is missing.
    """
    with _drawing() as new:
        if evaluation.reliability:
            figure = _reliability(new(), evaluation.reliability)
            _save(figure, folder / RELIABILITY, "Reliability: the share that is right against the confidence, by data set")
        if evaluation.doubts:
            figure = _risk_coverage(new(), evaluation.doubts)
            _save(figure, folder / RISK_COVERAGE, "Risk and coverage: the error among the surest cases, by data set")


def line_of(place: int) -> tuple[str, tuple[float, ...]]:
    """Return colour and dashes of the uncertainty score at this place. The second seven pair the colours with other dashes."""
    return COLORS[place % len(COLORS)], DASHES[(place + place // len(COLORS)) % len(DASHES)]


@contextmanager
def _drawing() -> "Iterator[type[Figure]]":
    try:
        # here, since only an evaluation needs the train extra
        from matplotlib import rc_context, rcdefaults
        from matplotlib.figure import Figure
    except ImportError:
        raise DataError("Charts need more packages. In the repository: pip install --editable '.[train]'") from None
    with rc_context():
        rcdefaults()
        with rc_context(_STYLE):  # type: ignore[arg-type]
            yield Figure


def _reliability(figure: "Figure", diagrams: tuple[Reliability, ...]) -> "Figure":
    figure.set_size_inches(0.6 + 2.9 * len(diagrams), 3.6)
    panels = figure.subplots(2, len(diagrams), squeeze=False, sharex=True, height_ratios=(4, 1))
    for (upper, lower), diagram in zip(panels.T, diagrams, strict=True):
        _bars(upper, lower, diagram)
    panels[0, 0].set_ylabel("share that is right")
    panels[1, 0].set_ylabel("cases")
    return figure


def _bars(upper: "Axes", lower: "Axes", diagram: Reliability) -> None:
    cases = sum(each.n for each in diagram.bins)
    confidence = np.array([each.confidence for each in diagram.bins])
    upper.set_title(f"{diagram.data} ({cases:,} cases)", loc="left")
    upper.plot((0, 1), (0, 1), color=GREY, linewidth=0.8, dashes=(3, 3))
    upper.plot(confidence, [each.accuracy for each in diagram.bins], color=COLORS[0], marker="o", markersize=3.5, clip_on=False)
    upper.set(xlim=(0, 1), ylim=(0, 1))
    lower.bar(width_bins(confidence) / BINS, [each.n for each in diagram.bins], width=0.9 / BINS, align="edge", color=COLORS[1])
    lower.set_xlabel("confidence in the leading class")


def _risk_coverage(figure: "Figure", doubts: tuple[Doubt, ...]) -> "Figure":
    panels, scores = _ordered(each.data for each in doubts), _ordered(each.score for each in doubts)
    # inches that the longest name takes in this type, with its line
    entry = 0.7 + 0.07 * max(map(len, scores))
    width = max(0.6 + 2.9 * len(panels), entry)
    columns = int(width / entry)
    figure.set_size_inches(width, 3.3 + 0.18 * -(-len(scores) // columns))
    axes = dict(zip(panels, figure.subplots(1, len(panels), squeeze=False)[0], strict=True))
    for doubt in doubts:
        color, dashes = line_of(scores.index(doubt.score))
        coverage, error = zip(*doubt.curve, strict=True)
        axes[doubt.data].plot(coverage, error, color=color, dashes=dashes or (None, None), label=doubt.score)
        axes[doubt.data].set_title(f"{doubt.data} ({doubt.aurc.n:,} cases)", loc="left")
    for axis in axes.values():
        axis.set(xlim=(0, 1), xlabel="share of cases answered, surest first")
        axis.set_ylim(bottom=0)
    axes[panels[0]].set_ylabel("share of these that is wrong")
    lines = {line.get_label(): line for axis in axes.values() for line in axis.get_lines()}
    figure.legend(lines.values(), lines.keys(), loc="outside lower left", handlelength=4, ncols=columns)
    return figure


def _ordered(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _save(figure: "Figure", path: Path, title: str) -> None:
    figure.set_layout_engine("constrained")
    figure.savefig(path, format="svg", transparent=True, metadata={"Title": title, "Date": None})
