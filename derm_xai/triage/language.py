"""Sentences in English and French. Records carry the English one; `triage.texts` finds its French."""

from typing import Literal

from derm_xai.records import Record

Language = Literal["en", "fr"]


class Text(Record):
    """One sentence in both languages."""

    en: str
    fr: str
