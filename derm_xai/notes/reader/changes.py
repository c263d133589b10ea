"""Change, or none, of size, shape and colour, where one phrase says it of several."""

import re
from collections.abc import Iterator

from derm_xai.notes.reader.context import Context
from derm_xai.notes.reader.scope import status

ASPECTS = {"change_in_size": "size", "change_in_shape": "shape", "change_in_colour": "colour"}
_GLUE = re.compile(r"[\s,/]*(?:\b(?:and|or|nor|et|ou|ni|&)\b[\s,]*)?")
_REACH = 60


def read_changes(context: Context) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield "no change", "stable in size and colour", "shape: changed", each by its finding."""
    yield from _unchanged(context)
    cues = context.words.cues
    for match in cues["changed"].finditer(context.plain, context.start, context.end):
        named = _after(context, match.end()) or _before(context, match.start())
        if not named:
            continue
        first = min(match.start(), *(start for _, (start, _) in named))
        last = max(match.end(), *(end for _, (_, end) in named))
        value = status(context, match.start(), last)
        for name, _ in named:
            if value:
                yield name, value, (first, last)
    for match in cues["stable"].finditer(context.plain, context.start, context.end):
        named = _before(context, match.start()) or _after(context, match.end())
        denied = re.search(r"\b(?:not|n't|no longer|pas|plus)\s+(?:the\s+)?$", context.plain[context.start : match.start()])
        for name, place in named:
            if not denied:
                yield name, "absent", place


def _unchanged(context: Context) -> Iterator[tuple[str, str, tuple[int, int]]]:
    for match in context.words.cues["unchanged"].finditer(context.plain, context.start, context.end):
        if _after(context, match.end()) or _before(context, match.start()):
            continue
        for name in ASPECTS:
            yield name, "absent", match.span()


def _after(context: Context, place: int) -> list[tuple[str, tuple[int, int]]]:
    """Return the aspects listed straight after a place: "in shape, size or colour"."""
    found: list[tuple[str, tuple[int, int]]] = []
    while True:
        place = _skip(context, place)
        aspect = _aspect_at(context, place)
        if not aspect:
            return found
        found.append(aspect)
        place = aspect[1][1]


def _skip(context: Context, place: int) -> int:
    glue = _GLUE.match(context.plain, place, context.end)
    place = glue.end() if glue else place
    while link := context.words.cues["link"].match(context.plain, place, context.end):
        place = link.end()
        while place < context.end and context.plain[place] == " ":
            place += 1
    return place


def _aspect_at(context: Context, place: int) -> tuple[str, tuple[int, int]] | None:
    for name, cue in ASPECTS.items():
        match = context.words.cues[cue].match(context.plain, place, context.end)
        if match:
            return name, match.span()
    return None


_TO_VERB = re.compile(
    r"\s*(?:[:=]\s*|,\s*)?(?:\b(?:is|are|has|have|had|been|all|not|also|remains?|remained|looks?|just|slightly|clearly|a|ont|est|sont"
    r"|reste|restee?s?|toujours|ete|aurait|un peu|bien|non|oui|may|might|n'a|n'ont|pas|ne|never|hasn't|"
    r"haven't|recently)\b\s*)*$"
)


def _before(context: Context, place: int) -> list[tuple[str, tuple[int, int]]]:
    """Return the aspects listed straight before a place: "size and colour are"."""
    text = context.plain[max(context.start, place - _REACH) : place]
    base = place - len(text)
    spots = sorted(
        (match.start(), match.end(), name) for name, cue in ASPECTS.items() for match in context.words.cues[cue].finditer(text)
    )
    found: list[tuple[str, tuple[int, int]]] = []
    limit = len(text)
    for start, end, name in reversed(spots):
        gap = text[end:limit]
        joined = bool(_GLUE.fullmatch(gap)) or bool(
            re.fullmatch(r"[\s,/]*(?:and|or|nor|et|ou|ni)?\s*(?:la|le|the|its|sa|les)\s+", gap)
        )
        if not (_TO_VERB.fullmatch(gap) if not found else joined):
            break
        found.append((name, (base + start, base + end)))
        limit = start
    return found
