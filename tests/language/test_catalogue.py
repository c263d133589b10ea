"""Every sentence of the sources has its French, and every French sentence has its source."""

import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from derm_xai.language import _, retold, speak, written

ROOT = Path(__file__).resolve().parents[2]
MARKED = {"_": None, "later": None}


def said() -> set[str]:
    """All sentences that the sources mark."""
    files = [ROOT / "app.py", *(ROOT / "derm_xai").rglob("*.py")]
    return {found[1] for file in files for found in extract_from_file("python", file, keywords=MARKED)}


def french() -> Catalog:
    with (ROOT / "derm_xai" / "language" / "fr.po").open("rb") as file:
        return read_po(file, "fr", abort_invalid=True)


def messages() -> list[Message]:
    return [message for message in french() if message.id]


def placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


@pytest.fixture(autouse=True)
def english_again():
    yield
    speak("en")


def test_the_extractor_finds_sentences_of_both_kinds():
    assert {"What it could be", "Melanoma"} <= said()


def test_every_sentence_has_its_french():
    assert said() - {message.id for message in messages() if message.string and not message.fuzzy} == set()


def test_the_catalogue_holds_nothing_that_no_source_says():
    assert {message.id for message in messages()} - said() == set()
    assert not french().obsolete


def test_the_french_keeps_the_places_for_values():
    assert [each.id for each in messages() if placeholders(each.id) != placeholders(each.string)] == []


def test_high_signs_stand_after_a_space_that_does_not_break():
    loose = re.compile(r"[^\s\d(][:;?!»](?=\s|$)|\s(?<![\u00a0\u202f])[:;?!%»]|«(?!\u00a0)")
    assert [each.string for each in messages() if loose.search(each.string)] == []


def test_numbers_in_a_recorded_sentence_are_carried_over():
    template = "fitted on {count} calibration cases of the three sets with {model}"
    sentence = template.format(count=300, model="evidence-1")
    assert retold(sentence, [template]) == sentence
    speak("fr")
    assert retold(sentence, [template]) == _(template).format(count=300, model="evidence-1") != sentence
    assert retold("something else", [template]) == "something else"
    assert retold("{low} to {high}".format(low="yes", high="no"), ["{low} to {high}"]) == "oui à non"


def test_a_number_is_written_with_the_languages_decimal_sign():
    assert written(0.5, ".0%") == "50\N{NO-BREAK SPACE}%"
    speak("fr")
    assert (written(1.25, "+.1f"), written(0.05, "g")) == ("+1,2", "0,05")
