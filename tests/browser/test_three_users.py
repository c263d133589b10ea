"""Three people at the page, each from the first photo or figure to what they came for."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from derm_xai.examples import CATALOGUE, photos
from derm_xai.vocabulary import Diagnosis, ImageType

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Browser, Page

from tests.browser import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(served.CHROMIUM is None, reason="no Chromium on this machine"),
]

BENIGN_KERATOSIS = next(example for example in CATALOGUE if example.kind is Diagnosis.BKL)
CHANGED = "66-year-old man, brown plaque on the chest. It has grown over six months. It bleeds. No itch. INVENTED PATIENT."
RESULT = ("What it could be", "Ce que cela pourrait être")
DRUG_RASH = "Rash since lamotrigine was started 2 weeks ago, mouth ulcers, fever 39.5."


@pytest.fixture(scope="module")
def served_and_browser() -> Iterator[tuple[str, Browser]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        with served.app() as address, served.chromium() as browser:
            yield address, browser


@pytest.fixture
def page(served_and_browser: tuple[str, Browser]) -> Iterator[Page]:
    address, browser = served_and_browser
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(1000 * served.PATIENCE_S)
    page.goto(address)
    yield page
    page.close()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A close-up and a dermoscopic photo, in this order, as files to upload."""
    paths = []
    for image_type, pixels in photos(BENIGN_KERATOSIS).items():
        paths.append(tmp_path / f"{image_type}.png")
        Image.fromarray(pixels).save(paths[-1])
    assert list(photos(BENIGN_KERATOSIS)) == list(ImageType)
    return paths


def switch_language_and_back(page: Page, english: str, french: str) -> None:
    """Read the page in French, known by a heading, and return; it holds as many lines as before."""
    served.at_rest(page)
    lines = page.locator("table tbody tr").count()
    for language, heading in (("FR", french), ("EN", english)):
        page.get_by_role("radiogroup", name="Language, langue").get_by_role("radio", name=language, exact=True).click()
        page.get_by_role("heading", name=heading).wait_for()
        served.at_rest(page)
        assert page.locator("table tbody tr").count() == lines


def upload(page: Page, files: list[Path]) -> None:
    """Upload each file to its place."""
    for done, file in enumerate(files, start=1):
        # a place that holds a photo has no uploader any more, so the next empty one comes first
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_text("SYNTHETIC, drawn by code").nth(done - 1).wait_for()
        served.at_rest(page)


def write(page: Page, note: str) -> None:
    """Write a note, and leave the field so that the page reads it."""
    field = page.get_by_role("textbox", name="Notes in your own words")
    field.fill(note)
    field.press("Control+Enter")
    served.at_rest(page)


def answer(page: Page, question: str, choice: str) -> None:
    """Give an answer in the form."""
    page.get_by_role("radiogroup", name=question, exact=True).get_by_role("radio", name=choice, exact=True).click()
    served.at_rest(page)


def answered(page: Page, question: str, choice: str) -> bool:
    """Whether the form holds this answer."""
    option = page.get_by_role("radiogroup", name=question, exact=True).get_by_role("radio", name=choice, exact=True)
    return option.get_attribute("aria-checked") == "true"


def number(text: str) -> float:
    """Return log-odds as printed, with its minus sign, as a number."""
    return float(text.replace("\N{MINUS SIGN}", "-"))


def test_in_a_consultation_a_note_becomes_answers_and_a_conflict_goes_to_a_person(page, files):
    upload(page, files)
    write(page, CHANGED)
    page.get_by_role("button", name="Fill in the form").click()
    served.at_rest(page)
    assert page.get_by_role("spinbutton", name="Age").input_value() == "66"
    assert answered(page, "Grew", "Yes")
    assert answered(page, "Itches", "No")

    answer(page, "Itches", "Yes")
    served.assess(page)

    # what the rules count is the corrected answer: growth 2, bleeding 1, itch 1
    urgency = page.locator(".urgency")
    assert "Suspected cancer" in urgency.locator("h2").inner_text()
    assert "4 points from the form" in urgency.inner_text()
    conflict = urgency.locator(".part", has=page.get_by_text("but", exact=True))
    assert "person" in conflict.inner_text()
    assert page.locator("table.differential tbody th").first.inner_text().startswith("Benign keratosis")
    switch_language_and_back(page, *RESULT)


def test_at_triage_the_answer_comes_first_and_an_emergency_before_it(page, files):
    page.set_viewport_size({"width": 390, "height": 844})
    write(page, DRUG_RASH)
    assert "Emergency" in page.locator(".urgency h2").inner_text()
    page.get_by_role("button", name="Clear").click()
    served.at_rest(page)
    assert page.locator(".urgency").count() == 0

    upload(page, files[:1])
    page.get_by_text("I answer first").click()
    served.at_rest(page)
    page.get_by_role("button", name="Assess", exact=True).click()
    page.get_by_text("Your answer first").wait_for()
    served.at_rest(page)
    assert page.locator("table.differential").count() == 0

    served.choose(page, "Your leading diagnosis", "Melanoma")
    served.choose(page, "What you would do next", "Same day")
    page.get_by_role("button", name="Commit").click()
    page.get_by_text("About this result").wait_for()
    served.at_rest(page)
    both = page.locator("table.beside")
    assert "Melanoma" in both.inner_text()
    assert "Your judgement stands" in both.inner_text()
    assert page.get_by_role("button", name="Commit").count() == 0
    assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth - main.clientWidth") <= 1
    switch_language_and_back(page, *RESULT)


def test_a_regulator_adds_up_the_ledger_and_finds_the_sources(page):
    served.load_example(page, 0)
    served.assess(page)
    rules = page.locator(".urgency li", has=page.locator("b"))
    assert rules.count() > 0
    assert all(rule.locator(".source").inner_text().strip() for rule in rules.all())

    ledger = page.locator("table.ledger").first
    lines = [number(text) for text in ledger.locator("tbody td.strong").all_inner_texts()]
    score = number(ledger.locator("tfoot td.strong").inner_text())
    # each line is printed to a hundredth, so each may be off by half of one
    assert abs(sum(lines) - score) <= 0.005 * (len(lines) + 1)

    urgency, dial = page.locator(".urgency h2").inner_text(), page.locator(".st-key-prevalence")
    dial.locator("summary").click()
    before = dial.locator("table").inner_text()
    dial.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    served.at_rest(page)
    assert dial.locator("table").inner_text() != before
    assert page.locator(".urgency h2").inner_text() == urgency

    page.get_by_role("link", name="Performance", exact=True).click()
    page.locator("table.figures:visible").first.wait_for()
    assert re.search(r"\d", page.locator("table.figures:visible").first.inner_text())
    page.get_by_role("link", name="About", exact=True).click()
    page.get_by_role("heading", name="Model card", exact=True).wait_for()
    assert page.get_by_text("not for patients").first.is_visible()
    switch_language_and_back(page, "About derm-xai", "À propos de derm-xai")
