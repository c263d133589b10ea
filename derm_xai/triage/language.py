"""Sentences in English and French. Records carry the English one; `translated` finds its French beside it in the data."""

from typing import Literal

from derm_xai.records import Record

Language = Literal["en", "fr"]


class Text(Record):
    """One sentence in both languages."""

    en: str
    fr: str


def translated(sentence: str, language: Language, texts: tuple[Text, ...]) -> str:
    """Return a sentence of these texts in a language; one that is not among them stays as it is."""
    return next((getattr(text, language) for text in texts if text.en == sentence), sentence)
