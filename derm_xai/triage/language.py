"""Sentences in English and French. Records carry the English one; `triage.texts` finds its French."""

from derm_xai.records import Record


class Text(Record):
    """One sentence in both languages."""

    en: str
    fr: str


READ = {
    "A": Text(en="read at the source", fr="lu à la source"),
    "B": Text(en="read in a page that reports it", fr="lu dans une page qui le rapporte"),
    "A/B": Text(en="read in part at the source", fr="lu en partie à la source"),
}
"""What the grade of a source says: where it was read. It is no grade of evidence."""


def cited(source: str, grade: str) -> Text:
    """Return a source with where it was read."""
    return Text(en=f"{source}, {READ[grade].en}", fr=f"{source}, {READ[grade].fr}")
