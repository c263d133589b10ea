from datetime import UTC, datetime
from threading import Thread

import pytest

from derm_xai.language import _, decimal, moment, speak, spoken


@pytest.fixture(autouse=True)
def english_again():
    yield
    speak("en")


def test_french_writes_numbers_and_dates_its_own_way():
    speak("fr")
    assert decimal(1234.5, 1) == "1\N{NARROW NO-BREAK SPACE}234,5"
    assert moment(datetime(2026, 8, 1, 14, 3, 5, tzinfo=UTC)).startswith("1 août 2026")


def test_english_writes_numbers_and_dates_its_own_way():
    assert decimal(1234.5, 1) == "1,234.5"
    assert moment(datetime(2026, 8, 1, 14, 3, 5, tzinfo=UTC)) == "1 August 2026, 14:03:05"


def test_a_sentence_that_the_catalogue_does_not_know_stays():
    speak("fr")
    assert _("no such sentence") == "no such sentence"


def test_another_thread_keeps_its_own_language():
    speak("fr")
    heard = []
    thread = Thread(target=lambda: heard.append(spoken()))
    thread.start()
    thread.join()
    assert heard == ["en"]
