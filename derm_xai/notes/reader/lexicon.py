"""The words of both languages, in plain small letters. A pattern's alternatives are separated by |."""

import re
import tomllib
from importlib.resources import files

_TABLE = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))


def pattern(words: str) -> "re.Pattern[str]":
    """Compile alternatives as whole words."""
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


FINDINGS = {name: pattern("|".join(words)) for name, words in _TABLE["findings"].items()}
ABSENT_WORDS = {name: pattern("|".join(words)) for name, words in _TABLE["absent_words"].items()}
CUES = {name: pattern("|".join(words)) for name, words in _TABLE["cues"].items()}
SITES = {name: pattern("|".join(words)) for name, words in _TABLE["sites"].items()}
SPELLINGS = tuple(_TABLE["spellings"]["words"].split())
