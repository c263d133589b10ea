"""The words of each language, in plain small letters, from words_en.toml and words_fr.toml."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from derm_xai.notes.reader import numbers

LANGUAGES = ("en", "fr")
_TABLES: dict[str, Any] = {
    language: tomllib.loads(files(__package__).joinpath(f"words_{language}.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
_NUMBERS = {"en": numbers.english(), "fr": numbers.french()}

# no more digits than a size or a time has: a bar code that was pasted in is none, and may not take long
FIGURE = re.compile(r"(?:\d{1,4} ?)?(?:1/2|½)|\d{1,6}(?:[.,]\d{1,3})?")
Patterns = dict[str, "re.Pattern[str]"]


@dataclass(frozen=True)
class Words:
    """The patterns of one language, or of both where a note does not tell which."""

    findings: Patterns
    opposites: Patterns
    cues: Patterns
    after: Patterns
    sites: Patterns
    sides: Patterns
    people: Patterns
    measures: Patterns
    spellings: frozenset[str]
    common: frozenset[str]
    numbers: dict[str, float]
    duration: "re.Pattern[str]"
    size: "re.Pattern[str]"


def pattern(words: str) -> "re.Pattern[str]":
    """Compile alternatives as whole words."""
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


def alternatives(language: str, table: str, name: str) -> list[str]:
    """Return the alternatives of one entry of a language, its <parts> filled in."""
    parts = {**_TABLES[language]["parts"], "number": number_words(language)}
    return [_filled(text, parts) for text in _TABLES[language][table].get(name, [])]


def _filled(text: str, parts: dict[str, str]) -> str:
    while (filled := re.sub(r"<([a-z_]+)>", lambda part: f"(?:{parts[part[1]]})", text)) != text:
        text = filled
    return text


def number_words(language: str) -> str:
    """Return the pattern of a number in figures or words."""
    return FIGURE.pattern + "|" + "|".join(sorted(_NUMBERS[language], key=len, reverse=True))


@lru_cache
def words(*languages: str) -> Words:
    """Return the words of these languages together."""
    chosen = languages or LANGUAGES

    def table(name: str) -> Patterns:
        keys = dict.fromkeys(key for language in chosen for key in _TABLES[language][name])
        return {key: pattern("|".join(_joined(chosen, name, key))) for key in keys}

    listed = {
        name: frozenset(word for language in chosen for word in _TABLES[language]["spelling"][name].split())
        for name in ("words", "common")
    }
    number = "|".join(number_words(language) for language in chosen)
    unit = "|".join(_joined(chosen, "measures", "unit"))
    return Words(
        table("findings"),
        table("opposites"),
        table("cues"),
        table("after"),
        table("sites"),
        table("sides"),
        table("people"),
        table("measures"),
        listed["words"],
        listed["common"],
        {word: value for language in chosen for word, value in _NUMBERS[language].items()},
        pattern(
            rf"(?:x ?)?(?:(?<![/.,\d])(\d{{1,3}})/(52|12|7)(?!/)"
            rf"|({number})(?: ?\+)?[ -]*({unit})(?!'(?!s? (?:duration|history|hx))|/))"
        ),
        re.compile(
            rf"(?<!\d)(?P<figures>(?:{FIGURE.pattern})(?:(?:\s*(?:mm|cm))?\s*(?:x|a|to|-|sur|by|par|et|/|->|→)\s*(?:{FIGURE.pattern})){{0,3}}"
            rf"|\b(?:{number})\b)[\s-]*(?P<unit>mm|cm|millim\w+|centim\w+)\b"
        ),
    )


def _joined(languages: tuple[str, ...], table: str, name: str) -> list[str]:
    return [text for language in languages for text in alternatives(language, table, name)]


_FAIR_SHARE = 0.25
_MARKS = {language: pattern("|".join(_TABLES[language]["parts"]["marks"].split())) for language in LANGUAGES}


def language_of(plain: str) -> tuple[str, ...]:
    """Return the language whose small words a text has most of, and the other where it has a fair share of them."""
    counts = {language: len(marks.findall(plain)) for language, marks in _MARKS.items()}
    enough = _FAIR_SHARE * max(counts.values())
    return tuple(language for language, number in counts.items() if number >= enough)
