"""What a note plans or warns of, which nobody has seen."""

import re

from derm_xai.notes.reader.context import CARRIES_ON, COMMA, CONJOINED, LIST_REACH, Context

_END = re.compile(r",(?!\d)|\?")
_LONGEST_LISTED = 3


def hypothetical(context: Context, start: int) -> bool:
    """Say whether a mention is only planned, or feared: "return if it bleeds, itches or grows"."""
    cues, before = context.words.cues, context.plain[context.start : start]
    if cues["plan"].search(before):
        return True
    conditions = [m.end() for m in cues["condition"].finditer(before)]
    return (
        bool(conditions)
        and _still_conditional(context, conditions[-1], before, start)
        and not cues["hedge"].search(context.clause(start))
    )


def _still_conditional(context: Context, condition: int, before: str, start: int) -> bool:
    """Say whether a condition reaches on: to the first comma, or along a list, "if it bleeds, itches or grows"."""
    if not _END.search(before, condition):
        return True
    items = COMMA.split(before[condition:])[1:]
    listed = bool(items) and "?" not in before[condition:] and all(len(item.split()) <= _LONGEST_LISTED for item in items)
    end = context.plain.find(" ", start)
    carries_on = end > 0 and CARRIES_ON.match(context.plain, end, min(context.end, end + LIST_REACH))
    return listed and bool(CONJOINED.search(items[-1]) or carries_on)
