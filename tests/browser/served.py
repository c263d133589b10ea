"""The app as a clinician meets it: a server of its own on a free port, and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as OutOfPatience

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
QUIETER = ("--disable-component-update", "--disable-sync")
PATIENCE_S = 180


@contextmanager
def app() -> Iterator[str]:
    """Serve the app and give its address."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urlopen(address, timeout=5):  # noqa: S310
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("The app did not start.")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the Chromium of this machine; none is ever downloaded."""
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*QUIET, *QUIETER, *as_root], timeout=1000 * PATIENCE_S
        )
        yield browser
        browser.close()


def assess(page: Page) -> None:
    """Press Assess once the page has come to rest, and wait for the result."""
    at_rest(page)
    page.get_by_role("button", name="Assess", exact=True).click()
    page.get_by_text("About this result").wait_for()
    at_rest(page)


def load_example(page: Page, place: int) -> None:
    """Load the example at this place of the catalogue."""
    at_rest(page)
    page.get_by_label("Try an example").click()
    page.get_by_role("option").nth(place).click()
    page.get_by_text("SYNTHETIC, drawn by code").first.wait_for()
    at_rest(page)


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option in a box, by typing its beginning."""
    at_rest(page)
    box = page.get_by_role("combobox", name=label).last
    # a list that opens at the window's edge would be scrolled, and a scroll closes it
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    found = page.get_by_role("option", name=option).first
    # a slow machine can draw the page anew under an open list, which closes it: then open it again
    if not any(_chosen(box, option, found, patience) for patience in (5_000, 20_000)):
        box.fill(option)
        found.click()
    at_rest(page)


def _chosen(box: Locator, option: str, found: Locator, patience: int) -> bool:
    box.fill(option)
    try:
        found.click(timeout=patience)
    except OutOfPatience:
        box.fill("")
        return False
    return True


def at_rest(page: Page) -> None:
    """Wait until no script runs."""
    page.wait_for_timeout(500)
    page.locator('[data-test-script-state="notRunning"]').wait_for()
