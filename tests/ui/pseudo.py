"""A language for tests: what the catalogue knows stands between ⟦ and ⟧, so that a word that does not has escaped it."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from derm_xai import language
from derm_xai.present.reasons import OWN_SOURCES
from derm_xai.triage import texts
from derm_xai.triage.engine import rule_book
from derm_xai.triage.look_alikes import catalogue

TECHNICAL = {"id", "form_id", "format", "icon", "element_id", "url", "raw_values", "user_key", "type", "theme", "imgs"}
"""Fields of Streamlit's messages that no reader sees."""
NAMES = (
    *(
        "MILK10k",
        "HAM10000",
        "PAD-UFES-20",
        "derm-xai",
        "EN",
        "FR",
        "UTC",
        "px",
        "CC BY-NC 4.0",
        "CC BY 4.0",
        "Language, langue",
    ),
    *("derm_xai.classify.network.EvidenceNet", "evidence-columns-8", "toy", "MEL", "VASC"),
)
PATTERNS = (
    r"\b[0-9a-f]{16}\b",  # the start of a SHA-256
    r"\b[0-9a-f]{32}\b",  # the name of a chart's data
    r"\b(?:R|M|E)\d+(?:-\w+)?\b",  # the id of a rule
    r"\d+ \w+ \d{4}, [\d:]+",  # a date, as the language writes it
    r"\b[IV]+\b",
)


def mark(sentence: str) -> str:
    """Return a sentence with its own words marked, and not what stands in its places for values."""
    parts = re.split(r"(\{\w+\})", sentence)
    return "".join(part if not part.strip() or part.startswith("{") else f"⟦{part}⟧" for part in parts)


def speak_pseudo(patch: pytest.MonkeyPatch) -> None:
    """Put marks in the place of the French."""
    known, advice = language.catalogue("fr"), texts.french()
    patch.setattr(language, "catalogue", lambda _language: {english: mark(english) for english in known})
    patch.setattr(texts, "french", lambda: {english: mark(english) for english in advice})


def shown(page: AppTest) -> list[str]:
    """Return every text on the page: bodies, labels, options, placeholders, help and descriptions of pictures."""
    found = [text for node in page.main if getattr(node, "proto", None) is not None for text in _texts(node.proto)]
    return [text for text in map(plain, found) if text.strip()]


def escaped(page: AppTest) -> list[str]:
    """Return the words that stand outside of all marks, each with what else of its text does."""
    rests = (" ".join(outside(text).split()) for text in shown(page))
    return [f"{word} | {rest}" for rest in rests for word in re.findall(r"[^\W\d_]{2,}", rest)]


def _texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        if field.type == FieldDescriptor.TYPE_MESSAGE and not field.message_type.GetOptions().map_entry:
            for each in values:
                yield from _texts(each)
        elif field.name == "spec":
            yield from _titles(json.loads(value))
        elif field.type == FieldDescriptor.TYPE_STRING and field.name not in TECHNICAL:
            yield from values


def _titles(spec: object) -> Iterator[str]:
    """Return what a chart writes: the titles of the whole, its axes and its tooltips."""
    if isinstance(spec, list):
        for each in spec:
            yield from _titles(each)
    elif isinstance(spec, dict):
        for key, each in spec.items():
            yield from [each] if key == "title" and isinstance(each, str) else _titles(each)


def plain(text: str) -> str:
    """Return a text without markup, with the labels in it that a screen reader says."""
    said = " ".join(re.findall(r'aria-label="([^"]*)"', text))
    bare = re.sub(r'<style>.*?</style>|<span class="icon"[^>]*>.*?</span>', "", text, flags=re.DOTALL)
    return unescape(f"{said} {re.sub(r'<[^>]+>', ' ', bare)}")


def outside(text: str) -> str:
    # words of a note are quoted as they were written
    own = re.sub(r"⟦ \(“⟧[^⟦⟧]*⟦”\)⟧", " ", text)
    rest = re.sub(r"⟦[^⟦⟧]*⟧", " ", own)
    for name in sorted((*NAMES, *_sources()), key=len, reverse=True):
        rest = rest.replace(name, " ")
    return re.sub("|".join(PATTERNS), " ", rest)


def _sources() -> set[str]:
    """Return whom the rules and look-alikes cite."""
    rules = {rule.source for rule in (*rule_book().rule, rule_book().reassurance)}
    return (rules | {pair.source for pair in catalogue().pair}) - set(OWN_SOURCES)
