import re
import sys
from xml.etree import ElementTree

import pytest

from derm_xai.errors import DataError
from derm_xai.evaluate.figures import COLORS, GREY, RELIABILITY, RISK_COVERAGE, draw, line_of
from derm_xai.evaluate.records import Bin, Doubt, Evaluation, Figure, Reliability

SETS = ("MILK10k", "PAD-UFES-20")
SCORES = ("predictive entropy", "mutual information", "one minus the highest probability")
SVG = "{http://www.w3.org/2000/svg}"


def evaluation(**parts) -> Evaluation:
    empty = dict.fromkeys(("rows", "reliability", "doubts", "sets", "operating_points", "subgroups"), ())
    return Evaluation(model_id="toy", weights_sha256="0", **(empty | parts))


def doubt(data: str, score: str, slope: float) -> Doubt:
    figure = Figure(value=0.5, low=0.4, high=0.6, n=1288)
    curve = tuple((percent / 100, slope * percent / 100) for percent in range(5, 101, 5))
    return Doubt(data=data, score=score, error_auroc=figure, aurc=figure, error_left=figure, curve=curve)


BINS = (Bin(confidence=0.3, accuracy=0.2, n=40), Bin(confidence=0.9, accuracy=0.7, n=121))
DRAWN = evaluation(
    reliability=tuple(Reliability(data=data, bins=BINS) for data in SETS),
    doubts=tuple(doubt(data, score, 0.1 + 0.1 * place) for data in SETS for place, score in enumerate(SCORES)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    draw(DRAWN, folder)
    return folder


def parsed(path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes())  # noqa: S314, since it was written here


def texts(path) -> list[str]:
    return ["".join(each.itertext()) for each in parsed(path).iter(f"{SVG}text")]


def paths(path, style: str) -> list[ElementTree.Element]:
    """The paths with this colour, as in `fill: #0072B2`."""
    return [each for each in parsed(path).iter(f"{SVG}path") if style.lower() in each.get("style", "")]


@pytest.mark.parametrize("name", [RELIABILITY, RISK_COVERAGE])
def test_the_same_evaluation_gives_the_same_bytes_without_a_date(folder, tmp_path, name):
    draw(DRAWN, tmp_path)
    drawn = (tmp_path / name).read_bytes()
    assert drawn == (folder / name).read_bytes()
    assert b"dc:date" not in drawn


@pytest.mark.parametrize("name", [RELIABILITY, RISK_COVERAGE])
def test_a_chart_has_a_title_readable_text_and_no_background(folder, name):
    root = parsed(folder / name)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text.split(":")[0] in ("Reliability", "Risk and coverage")
    labels = list(root.iter(f"{SVG}text"))
    assert labels
    assert all(f"fill: {GREY}" in label.get("style") for label in labels)
    background = root.find(f"{SVG}g/{SVG}g[@id='patch_1']/{SVG}path")
    assert "fill: none" in background.get("style")


def test_each_data_set_has_a_panel_with_its_cases(folder):
    for name, cases in ((RELIABILITY, "161"), (RISK_COVERAGE, "1,288")):
        shown = texts(folder / name)
        assert [text for text in shown if "cases)" in text] == [f"{data} ({cases} cases)" for data in SETS]


def test_the_histogram_has_a_bar_for_each_bin_as_high_as_its_cases(folder):
    bars = paths(folder / RELIABILITY, f"fill: {COLORS[1]}")
    assert len(bars) == len(SETS) * len(BINS)
    heights = []
    for bar in bars:
        corners = [float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", bar.get("d"))]
        heights.append(max(corners) - min(corners))
    assert heights[0] / heights[1] == pytest.approx(40 / 121, rel=1e-3)


def test_each_score_has_one_line_a_panel_in_a_colour_and_dashes_of_its_own(folder):
    dashes = set()
    for color in COLORS[: len(SCORES)]:
        lines = paths(folder / RISK_COVERAGE, f"stroke: {color}")
        assert len(lines) == len(SETS) + 1, "a panel each, and the legend"
        dashes.add(tuple(re.findall(r"stroke-dasharray: [^;]+", lines[0].get("style"))))
    assert len(dashes) == len(SCORES)
    assert all(texts(folder / RISK_COVERAGE).count(score) == 1 for score in SCORES)


def test_no_two_scores_look_the_same():
    assert len(set(COLORS)) == len({line_of(place)[1] for place in range(len(COLORS))}) == len(COLORS)
    assert len({line_of(place) for place in range(20)}) == 20


@pytest.mark.parametrize("panels", [1, 3])
def test_the_legend_stays_inside_the_chart(tmp_path, panels):
    names = [f"test-time augmentation, mutual information {place}" for place in range(9)]
    draw(evaluation(doubts=tuple(doubt(f"set {panel}", name, 0.2) for panel in range(panels) for name in names)), tmp_path)
    root = parsed(tmp_path / RISK_COVERAGE)
    _, _, width, height = map(float, root.get("viewBox").split())
    (legend,) = (each for each in root.iter(f"{SVG}g") if each.get("id") == "legend_1")
    labels = list(legend.iter(f"{SVG}text"))
    assert len(labels) == 9
    for label in labels:
        assert 0 < float(label.get("x")) < width - 0.5 * 9 * len(names[0]), "room for its letters of 9 points"
        assert 0 < float(label.get("y")) < height


def test_what_was_not_measured_is_not_drawn(tmp_path):
    draw(evaluation(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(DataError, match=r"pip install --editable '\.\[train\]'"):
        draw(DRAWN, tmp_path)


def test_the_readers_own_style_of_charts_has_no_say_and_is_left_alone(folder, tmp_path):
    import matplotlib

    with matplotlib.rc_context({"font.size": 23.0, "lines.linewidth": 9.0}):
        draw(DRAWN, tmp_path)
        assert (matplotlib.rcParams["font.size"], matplotlib.rcParams["lines.linewidth"]) == (23.0, 9.0)
    assert (tmp_path / RELIABILITY).read_bytes() == (folder / RELIABILITY).read_bytes()
