"""Every page for every reader: axe finds nothing serious, the keyboard reaches it, and a result can be printed."""

from collections.abc import Iterator

import pytest

from derm_xai.vocabulary import DISCLAIMER

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import served

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(served.CHROMIUM is None, reason="no Chromium on this machine"),
]

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
OPEN_ALL = "document.querySelectorAll('.st-key-output details:not([open]) > summary').forEach(each => each.click())"
STREAMLITS_OWN: dict[str, str] = {}
"""Rules of axe that Streamlit itself breaks seriously, each with the reason why that stays. With 1.67 there is none."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """One page for the module; each test leaves it wide and light."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DERM_XAI_SAMPLES", "3")
        with served.app() as address, served.chromium() as browser:
            page = browser.new_page(viewport=WIDE, color_scheme="light")
            page.set_default_timeout(1000 * served.PATIENCE_S)
            page.goto(address)
            yield page


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    page.locator("[data-testid=stMain]").get_by_role("heading", name=name).first.wait_for()
    served.at_rest(page)


def show_result(page: Page) -> None:
    """Show the first example's result; it is assessed for the first test that asks."""
    page.get_by_role("link", name="Assess", exact=True).click()
    page.get_by_label("Try an example").wait_for()
    served.at_rest(page)
    if page.get_by_text("About this result").count() == 0:
        served.load_example(page, 0)
        served.assess(page)


def serious(page: Page) -> list[str]:
    """Return axe's serious and critical findings, light and dark, wide and narrow, with the elements that they are about."""
    found = []
    for scheme in ("light", "dark"):
        for size in (WIDE, NARROW):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            served.at_rest(page)
            found += [
                f"{scheme}, {size['width']} px: {each['id']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
                for each in Axe().run(page).response["violations"]
                if each["impact"] in ("serious", "critical") and each["id"] not in STREAMLITS_OWN
            ]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    served.at_rest(page)
    return found


def test_a_result_with_all_its_parts_open(page):
    show_result(page)
    page.evaluate(OPEN_ALL)
    assert serious(page) == []


@pytest.mark.parametrize("name", ["Performance", "About"])
def test_the_figures_and_the_card(page, name):
    open_page(page, name)
    assert serious(page) == []


def test_a_case_to_practise_on_before_and_after_the_answer(page):
    open_page(page, "Practise")
    page.get_by_text("Your answer first").wait_for()
    assert serious(page) == []
    served.choose(page, "Your leading diagnosis", "Basal cell carcinoma")
    served.choose(page, "What you would do next", "Refer to dermatology")
    page.get_by_role("button", name="Commit").click()
    page.get_by_text("About this result").wait_for()
    served.at_rest(page)
    assert serious(page) == []


def test_the_keyboard_reaches_every_control_of_a_result(page):
    show_result(page)
    page.get_by_label("Try an example").focus()
    reached = []
    # an expander is named by its title and its icon
    while not any("About this result" in each for each in reached) and len(reached) < 200:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText).trim()"))
    for control in (
        "Notes in your own words",
        "I answer first",
        "Assess",
        "Photo alone, notes alone",
        "Opacity of the map, %",
        "About this result",
    ):
        assert any(control in each for each in reached), (control, reached)


def test_on_paper_the_result_is_whole_and_the_controls_are_gone(page):
    show_result(page)
    inside = page.locator(".st-key-card-0 dl dt").first
    assert not inside.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    kept = (
        ".urgency h2",
        "table.differential",
        "table.ledger",
        ".colour-bar",
        ".st-key-look-alikes p",
        ".st-key-about-result dl",
    )
    for seen in kept:
        assert page.locator(seen).first.is_visible(), seen
    assert inside.is_visible()
    assert page.get_by_text(DISCLAIMER).is_visible()
    assert page.get_by_text("Evidence for melanoma", exact=True).is_visible()
    assert page.get_by_alt_text("Evidence for melanoma").first.is_visible()
    for gone in (
        "stHeader",
        "stButton",
        "stSelectbox",
        "stSlider",
        "stCheckbox",
        "stFileUploader",
        "stTextArea",
        "stNumberInput",
    ):
        assert not any(each.is_visible() for each in page.get_by_test_id(gone).all()), gone
    assert not page.locator(".st-key-inputs").is_visible()
    assert not page.locator(".st-key-prevalence").is_visible()
    ink = page.locator(".urgency h2").evaluate("heading => getComputedStyle(heading).color")
    assert ink == "rgb(0, 0, 0)"
    # the head of a table is what browsers repeat on each sheet
    frame = page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-disclaimer)")
    assert frame.evaluate("box => getComputedStyle(box).display") == "table-header-group"
    # one screenful would be a single sheet
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 4
