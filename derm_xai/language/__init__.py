"""The language that the page speaks: a catalogue of its sentences, and how its readers write numbers and dates.

A sentence is written in English where it is used, as `_("…")`; `fr.po`, a gettext catalogue, holds its French. Values are put
in afterwards, with `str.format`, so that the catalogue can move them about. A sentence in a table that is built on import
is marked with `later("…")` there, and goes through `_` where it is shown.
"""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar, get_args

from babel.dates import format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Sentence = TypeVar("Sentence", bound=str)
_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


def speak(language: Language) -> None:
    """Speak a language from here on, in this thread or task alone."""
    _spoken.set(language)


def spoken() -> Language:
    """Return the language that is spoken here; English unless `speak` chose another."""
    return _spoken.get()


def _(sentence: str) -> str:
    """Return an English sentence in the language spoken; as it is where the catalogue does not know it."""
    return catalogue(language).get(sentence, sentence) if (language := spoken()) != "en" else sentence


def later(sentence: Sentence) -> Sentence:
    """Mark a sentence for the catalogue without translating it yet."""
    return sentence


def retold(sentence: str, templates: Iterable[str]) -> str:
    """Return a recorded English sentence in the language spoken, where it was made from one of the templates or from none."""
    for template in templates:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template))
        if match := re.fullmatch(pattern, sentence):
            return _(template).format(**{name: _(value) for name, value in match.groupdict().items()})
    return _(sentence)


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return the sentences of a language by their English."""
    with (Path(__file__).parent / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, language) if message.id and message.string}


def decimal(value: float, digits: int) -> str:
    """Return a number with this many decimals and thousands marked, as the language writes it: 1,234.5 or 1 234,5."""
    return format_decimal(value, f"#,##0.{'0' * digits}" if digits else "#,##0", spoken())


def written(value: float, spec: str) -> str:
    """Return a number in a format such as "+.2f", ".4g" or ".0%", with the decimal sign of the language."""
    return format(value, spec).replace(".", get_decimal_symbol(spoken())).replace("%", "\N{NO-BREAK SPACE}%")


def moment(when: datetime) -> str:
    """Return a date and time, as the language writes it: "25 November 2026, 14:03:05"."""
    return format_datetime(when, "d MMMM y, HH:mm:ss", locale=spoken())
