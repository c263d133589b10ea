"""Sentences in English and French. Records carry the English one; `triage.texts` finds its French."""

from derm_xai.records import Record


class Text(Record):
    """One sentence in both languages."""

    en: str
    fr: str
