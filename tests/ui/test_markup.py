import re
import tomllib
from pathlib import Path

import pytest
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from derm_xai.present.blind import Beside
from derm_xai.present.reasons import ReasonRow
from derm_xai.present.rows import DifferentialRow, LedgerRow, LedgerTable
from derm_xai.present.verdict import Part
from derm_xai.present.words import URGENCY
from derm_xai.ui import markup
from derm_xai.vocabulary import Urgency
from tests.present.test_words import contrast

ROOT = Path(__file__).resolve().parents[2]
STYLE = (ROOT / "derm_xai" / "ui" / "style.css").read_text(encoding="utf-8")
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
LINES = (LedgerRow("Prior", "", 0.5, None),)


def colours(variable: str) -> tuple[str, str]:
    """The light and the dark value of a variable of style.css."""
    light, dark = STYLE.split(f"--{variable}: light-dark(")[1].split(")")[0].split(", ")
    return light, dark


@pytest.mark.parametrize("variable", ["quiet", "warn"])
def test_quiet_text_can_be_read(variable):
    light, dark = colours(variable)
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(light, THEME["theme"]["light"][ground]) >= 4.5
        assert contrast(dark, THEME["theme"]["dark"][ground]) >= 4.5


@pytest.mark.parametrize("variable", ["bar", "for", "against"])
def test_bars_stand_out_from_their_track(variable):
    for bar, track in zip(colours(variable), colours("track"), strict=True):
        assert contrast(bar, track) >= 2.4


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_main_button_can_be_read(mode):
    assert contrast(THEME["theme"][mode]["primaryColor"], "#ffffff") >= 4.5


@pytest.mark.parametrize("urgency", Urgency)
def test_icons_come_with_streamlit(urgency):
    assert URGENCY[urgency].icon in ALL_MATERIAL_ICONS


def test_text_is_escaped():
    assert "<script>" not in markup.quiet("<script>")
    assert "<script>" not in markup.bullets(["<script>"])
    assert "<script>" not in markup.pairs([("<script>", "<script>")])
    part = Part("<script>", ("<script>",), (ReasonRow("<script>", "<script>", "<script>", "<script>"),), "<script>")
    assert "<script>" not in markup.urgency_box(Urgency.SEE_PERSON, [part])


@pytest.mark.parametrize("urgency", Urgency)
def test_a_screen_reader_is_interrupted_from_same_day_up(urgency):
    box = markup.urgency_box(urgency, [])
    assert ('role="alert"' in box) == (urgency in (Urgency.EMERGENCY, Urgency.SAME_DAY))
    assert ('role="status"' in box) != ('role="alert"' in box)


def row(**changes) -> DifferentialRow:
    kept = {"name": "Melanoma", "code": "C43", "malignant": True, "in_set": False, "value": 0.62, "low": 0.41, "high": 0.78}
    texts = {"percent": "62 %", "interval": "41 to 78", "photo_alone": "50 %", "notes_alone": "12 %"}
    return DifferentialRow(**{**kept, **texts, **changes})


def test_bars_show_the_numbers_beside_them():
    table = markup.differential_table([row()], voices=False)
    assert 'style="width:62.0%"' in table
    assert 'style="left:41.0%;width:37.0%"' in table
    assert "12 %" not in table
    assert "12 %" in markup.differential_table([row()], voices=True)


def test_a_screen_reader_hears_what_the_dot_says():
    assert '<span class="aside">yes</span>' in markup.differential_table([row(in_set=True)], voices=False)
    assert '<span class="aside">no</span>' in markup.differential_table([row()], voices=False)


def test_a_ledger_that_does_not_add_up_is_not_called_equal():
    assert "equals" in markup.ledger(LedgerTable(LINES, 0.5, 0.5, 0.0))
    assert "differs from" in markup.ledger(LedgerTable(LINES, 0.5, 0.7, 0.0))


@pytest.mark.parametrize("table", [markup.ledger(LedgerTable(LINES, 0.5, 0.5, 0.0)), markup.contributions(LINES)])
def test_a_screen_reader_hears_a_caption_and_as_many_heads_as_cells(table):
    head, line = (re.search(f"<{part}>(.*?)</tr>", table).group(1) for part in ("thead", "tbody"))
    heard = [re.findall("<t[hd](?![^>]*aria-hidden)", part) for part in (head, line)]
    assert len(heard[0]) == len(heard[1])
    assert '<caption class="aside">' in table


def test_patients_data_is_in_no_cache_that_sessions_share():
    sources = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "derm_xai" / "ui").rglob("*.py")}
    assert not [name for name, source in sources.items() if "cache_data" in source]
    assert [name for name, source in sources.items() if "cache_resource" in source] == ["services.py"]


def test_photos_and_notes_stay_on_this_machine():
    assert THEME["server"]["address"] == "localhost"
    assert THEME["server"]["enableXsrfProtection"]
    assert not THEME["server"]["enableStaticServing"]
    assert not THEME["browser"]["gatherUsageStats"]
    assert THEME["client"]["showErrorDetails"] == "none"


def test_two_answers_stand_side_by_side_with_their_comparison():
    html = markup.beside([Beside("Leading diagnosis", "<b>", "Melanoma", "Differ.")])
    assert "<td>&lt;b&gt;</td><td>Melanoma</td><td>Differ.</td>" in html
    assert '<th scope="row">Leading diagnosis</th>' in html
