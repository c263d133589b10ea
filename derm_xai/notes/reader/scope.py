"""What a sentence says of a mention: there, not there, perhaps, or nothing (a plan, another person, another place)."""

from derm_xai.notes.reader.answers import skipped, written
from derm_xai.notes.reader.conditions import hypothetical
from derm_xai.notes.reader.context import Context
from derm_xai.notes.reader.denial import polarity


def others_lesion(context: Context, place: int) -> bool:
    """Say whether a mention is about a scar or another lesion."""
    cues, clause = context.words.cues, context.clause(place)
    if cues["other_lesion"].search(clause):
        return True
    others = [m.end() for m in cues["other_noun"].finditer(context.plain, context.start, place)]
    if not others or cues["lesion_itself"].search(clause):
        return False
    return not cues["lesion_itself"].search(context.plain, others[-1], place)


def status(context: Context, start: int, end: int) -> str | None:
    """Return present, absent, uncertain, or None where the sentence does not say that it is so."""
    if skipped(context, start, end) or hypothetical(context, start):
        return None
    return written(context, start, end) or polarity(context, start, end)
