"""A clinician uploads a photo, presses Assess and reads the answer. Nothing leaves the machine."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from derm_xai.examples import CATALOGUE, photos
from derm_xai.present.words import URGENCY
from derm_xai.vocabulary import CONCEPTS, DISCLAIMER, ImageType

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Page

from tests.browser import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(served.CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        with served.app() as address:
            yield address


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    with served.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(1000 * served.PATIENCE_S)
        yield page


@pytest.fixture
def dermoscopic_file(tmp_path: Path) -> Path:
    file = tmp_path / "Jane Doe 1950.png"
    Image.fromarray(photos(CATALOGUE[0])[ImageType.DERMOSCOPIC]).save(file)
    return file


def test_upload_and_read(page, address, dermoscopic_file):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(address)
    page.locator("input[type=file]").nth(1).set_input_files(dermoscopic_file)
    page.get_by_text("SYNTHETIC, drawn by code").wait_for()
    served.assess(page)

    assert page.locator(".urgency h2").inner_text().split("\n")[-1] in {look.words for look in URGENCY.values()}
    differential = page.locator("table.differential tbody tr")
    assert differential.count() == 11
    assert differential.first.locator("th").inner_text().split("malignant")[0].strip() in {
        each.name for each in CONCEPTS.values()
    }
    assert "Jane Doe" not in page.content()
    assert {urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")} == {"localhost"}


def test_the_disclaimer_stays_in_sight(page, address):
    page.goto(address)
    page.get_by_label("Try an example").click()
    page.get_by_role("option").first.click()
    page.get_by_text("SYNTHETIC, drawn by code").first.wait_for()
    served.assess(page)
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.wait_for_timeout(500)
    note = page.get_by_text(DISCLAIMER)
    box = note.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 150
    on_top = note.evaluate("(note, [x, y]) => note.contains(document.elementFromPoint(x, y))", [box["x"] + 5, box["y"] + 10])
    assert on_top


@pytest.mark.parametrize("width", [1280, 820])
def test_nothing_sticks_out_to_the_side(page, address, width):
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(address)
    page.get_by_label("Try an example").click()
    page.get_by_role("option").first.click()
    page.get_by_text("SYNTHETIC, drawn by code").first.wait_for()
    served.assess(page)
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth - main.clientWidth") <= 1
