"""Take the pictures of a synthetic example's result: python -m docs.screenshot, in the repository's root."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser import served

IMAGES = Path(__file__).parent / "images"
COLOURS = 256


def main() -> None:
    """Assess the first example at 1280 px, light; save the page from its top, and its evidence."""
    with served.app() as address, served.chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1180}, color_scheme="light")
        page.set_default_timeout(1000 * served.PATIENCE_S)
        page.goto(address)
        page.get_by_label("Try an example").click()
        page.get_by_role("option").first.click()
        page.get_by_text("SYNTHETIC, drawn by code").first.wait_for()
        served.assess(page)
        page.mouse.move(900, 10)
        _save(page, "assess.png")
        page.get_by_text("Where in the photo").evaluate("heading => heading.scrollIntoView()")
        page.locator("[data-testid=stMain]").evaluate("main => main.scrollBy(0, -150)")
        _save(page, "evidence.png")


def _save(page: Page, name: str) -> None:
    page.wait_for_timeout(1500)
    page.screenshot(path=IMAGES / name)
    Image.open(IMAGES / name).convert("RGB").quantize(COLOURS).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
