"""The sections of the Performance page, shown on a page that only takes notes."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from derm_xai.evaluate.criteria import answers
from derm_xai.evaluate.records import Evaluation
from derm_xai.ui import tables
from derm_xai.ui.performance import charts, sections, sentences, words
from tests.present.test_words import contrast
from tests.ui.evaluations import NOTHING, doubt, figure, full, point
from tests.ui.test_markup import THEME

NOT_MEASURED = {**NOTHING, "mask_dice": None, "not_lesions": None, "concepts": (), "explanations": None}


class Notebook:
    """Stands for Streamlit: keeps all text and every chart."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def html(self, body: str) -> None:
        self.kept.append(body)

    markdown = html

    def subheader(self, body: str, **_: object) -> None:
        self.kept.append(body)

    def altair_chart(self, chart: Any, *, alt: str, **_: object) -> None:
        self.kept += [alt, json.dumps(chart.to_dict(validate=False))]

    def container(self, **_: object) -> nullcontext[None]:
        return nullcontext()

    def expander(self, label: str) -> nullcontext[None]:
        self.kept.append(label)
        return nullcontext()


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch):
    def page(evaluation: Evaluation) -> str:
        notebook = Notebook()
        monkeypatch.setattr(sections, "st", notebook)
        for section in sections.SECTIONS:
            section(evaluation)
        return "\n".join(notebook.kept)

    return page


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of all numbers."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    elif isinstance(value, int | float):
        yield path


def changed(whole: dict[str, Any], path: tuple[Any, ...]) -> Evaluation:
    """The evaluation with one number moved."""
    copy = json.loads(json.dumps(whole))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] += 1000 if isinstance(place[path[-1]], int) else 0.06
    return Evaluation.model_validate_json(json.dumps(copy))


def stands_once(path: tuple[Any, ...]) -> bool:
    """Whether an n is that of a figure beside others of the same cases."""
    return path[-1] == "n" and (path[0] in ("doubts", "sets", "concepts") or (path[0] == "subgroups" and "figures" in path))


def test_every_number_comes_from_the_record(show):
    unmoved = []
    for part, measured in json.loads(full().model_dump_json()).items():
        alone = full(**{**NOT_MEASURED, part: measured})
        before, whole = show(alone), json.loads(alone.model_dump_json())
        unmoved += [path for path in leaves(whole) if not stands_once(path) and show(changed(whole, path)) == before]
    assert unmoved == []


def test_what_was_not_measured_is_left_out(show):
    assert show(full(**NOT_MEASURED)) == ""
    only_rows = show(full(**{**NOT_MEASURED, "rows": full().rows}))
    assert "In one glance" in only_rows
    assert "Does it know when it is wrong?" not in only_rows
    assert "vega" not in only_rows


def test_the_glance_takes_all_that_a_data_set_can_give(show):
    text = show(full())
    assert "MILK10k, both photos and notes" in text
    assert "MILK10k (615 cases) and HAM10000 without VASC (1,288 cases)" in text
    assert "48\N{NO-BREAK SPACE}%" in text
    assert "44 to 52" in text


def test_what_flatters_the_figures_and_what_is_left_out_of_them_is_said(show):
    text = show(full())
    assert "That flatters the figures" in text
    assert "Without VASC" in text
    assert "Without VASC" not in show(full(rows=full().rows[:1]))


def test_each_limit_has_its_aim_and_what_it_does(show):
    text = show(full())
    assert "No rule refers there." in text
    assert "referred on the urgent pathway (rule M1)." in text
    assert text.count("95\N{NO-BREAK SPACE}%</td>") == len(full().operating_points)


def test_the_score_that_finds_errors_is_named_and_mutual_information_is_not_flattered():
    first, second = sentences.best_doubt(full().doubts)
    assert "one minus the lead over the second, 0.742 (0.702 to 0.782, n = 600)" in first
    assert "mutual information" in second
    assert "is not the best there: 0.681" in second


def test_where_mutual_information_wins_it_is_the_one_named():
    (only,) = sentences.best_doubt([doubt("MILK10k", "mutual information", 0.8), doubt("MILK10k", "entropy", 0.7)])
    assert "errors best: mutual information" in only
    assert sentences.best_doubt([doubt("PAD-UFES-20", "mutual information", 0.8)]) == ()


def test_a_figure_that_is_not_defined_is_said_to_be(show):
    nothing = figure(float("nan"))
    bare = point("MILK10k", "melanoma", 0.9).model_copy(update={"sensitivity": nothing, "at_prevalence": ()})
    hollow = full().doubts[0].model_copy(update={"error_auroc": nothing, "error_left": nothing})
    text = show(full(operating_points=(bare,), doubts=(hollow,)))
    assert "not defined" in text
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)


def test_subgroups_with_few_cases_or_none_are_named_as_untested(show):
    text = show(full())
    assert "Untested, with fewer than 30 cases: Skin tone: 0 (dark) (n = 7); Skin tone: 1 (n = 0); " in text
    assert "Site: head, neck or face (n = 17); " in text
    assert "Site: genital (n = 0)" in text
    assert "Sex: female (n" not in text


def test_natural_frequencies_stand_at_each_prevalence(show):
    text = show(full())
    for share in (1, 6, 20):
        assert f"{share}\N{NO-BREAK SPACE}% have a malignancy" in text
    assert "Of 1,000 such patients, about 60 have a malignancy; 56 of them are found, 4 are missed." in text


def test_predictive_values_have_their_interval_and_n(show):
    # figures made by hand: 9.1 % and 98.9 % with 4 points on either side
    text = show(full()).replace("\N{NO-BREAK SPACE}", " ")
    assert '9.1 %<span class="range">5.1 to 13.1, n = 615</span>' in text
    assert '98.9 %<span class="range">94.9 to 102.9, n = 615</span>' in text


def test_a_threshold_on_few_cases_is_untested(show):
    few = point("MILK10k", "a melanoma", 1).model_copy(update={"sensitivity": figure(1, 7), "at_prevalence": ()})
    text = show(full(operating_points=(few,)))
    assert "Untested for a melanoma: n = 7 with it and 214 without, where fewer than 30 say too little." in text
    assert "such patients" not in text
    assert "A figure on fewer than 30 cases is an anecdote" in text
    assert "Untested for" not in show(full())


def test_the_acceptance_criteria_are_counted_and_answered(monkeypatch):
    notebook = Notebook()
    monkeypatch.setattr(sections, "st", notebook)
    sections.acceptance(answers(full(), "one minus the lead over the second"))
    text = "\n".join(notebook.kept)
    rows = dict(re.findall(r'<th scope="row">([^<]*)<.*?<td>(\w[\w ]*)</td></tr>', text))
    assert rows["MILK10k, both photos and notes, balanced accuracy"] == "not met"
    assert rows["MILK10k, abstention score: AUROC for errors"] == rows["outline: mean Dice"] == "met"
    assert rows["MILK10k, 95 % sets: mean size"] == "met"
    assert rows["PAD-UFES-20, ECE"] == "not measured"
    counts = ", ".join(f"{verdict} {n}" for verdict, n in Counter(rows.values()).most_common())
    assert counts in text


def test_surer_than_right_is_said_in_words():
    over, under = full().reliability
    assert sentences.reliability(over).endswith(
        "in 68\N{NO-BREAK SPACE}% of 615 cases; on the whole the model is surer than it should be."
    )
    assert "less sure than it could be" in sentences.reliability(under)


def test_charts_fetch_nothing_and_can_be_seen():
    drawn = (charts.reliability(full().reliability[0]), charts.risk_coverage(full().doubts[:2], ["a", "b"]))
    for chart in drawn:
        spec = chart.to_dict()
        spec.pop("$schema")
        assert "http" not in json.dumps(spec)
    for mode in ("light", "dark"):
        assert contrast(charts.ACCENT, THEME["theme"][mode]["backgroundColor"]) >= 3


@pytest.mark.parametrize("number", [1, 5, 9, 20])
def test_no_two_lines_look_alike(number):
    looks = list(zip(charts.colours(number), map(tuple, charts.dashes(number)), strict=True))
    assert len(set(looks)) == number


def test_parts_of_the_cases_are_named_as_on_the_form():
    assert words.group_words("image type", "clinical+dermoscopic") == "Close-up and dermoscopic photo"
    assert words.group_words("Fitzpatrick type", "6") == "Fitzpatrick type: VI"
    assert words.group_words("site", "head_neck_face") == "Site: head, neck or face"
    assert words.group_words("diagnosis", "MEL") == "Melanoma"


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.002, "<1"), (0.41, "41"), (0.9991, ">99"), (1.0, "100")])
def test_nearly_all_is_not_all(value, text):
    assert words.share(value) == f"{text}\N{NO-BREAK SPACE}%"


def test_predictive_values_near_one_keep_a_digit():
    assert words.share(0.9987, 1) == "99.9\N{NO-BREAK SPACE}%"
    assert words.share(0.9999, 1) == ">99.9\N{NO-BREAK SPACE}%"


def test_tables_escape_their_text_and_put_numbers_at_the_right():
    table = tables.table("<b>", ("<i>", "n"), [("<script>", tables.Cell("<u>", "<s>"))])
    assert not {"<b>", "<i>", "<script>", "<u>", "<s>"} & set(table.replace("><", "> <").split())
    assert '<th class="num">n</th>' in table
    assert '<td class="num">' in table
