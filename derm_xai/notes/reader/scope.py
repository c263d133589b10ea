"""What a sentence says of a mention: there, not there, perhaps, or nothing (a plan, another person, another place)."""

import re
from dataclasses import dataclass

from derm_xai.notes.reader.lexicon import CUES

_NO_AFTER = re.compile(r"\s*(?:[:=-]\s*|\()?(?:\b(?:no|non|nil|none|absente?s?|never|jamais|denied|negative?|n|neg)\b|0\b|aucune?\b|-(?=[\s,.;]|$)|is absent|not (?:reported|present|seen)|(?:does|did|do|has|have|is|was) not\b)(?! longer)")  # fmt: skip
_YES_AFTER = re.compile(r"\s*(?:[:=-]?\s*(?:\+|(?:yes|oui|present|y|o|positive)\b))")
_NOT_ASKED = re.compile(
    r"\s*[:=-]\s*(?:non (?:demande|precise|renseigne)e?|not (?:asked|known|recorded)|n/?[ak]\b|non (?:precise|renseigne|demande)e?|nr\b|unknown|inconnu)"
)
_UNSURE_AFTER = re.compile(
    r"\s*[:=-]?\s*(?:\?|\b(?:unsure|uncertain|maybe|possible|peut-etre|not sure|nsp|ne sait pas|incertain)\b)"
)
_UNSURE_BEFORE = re.compile(r"\?\s*$")
_LIST = re.compile(r",|/|\band\b|\bet\b|\bor\b|\bou\b|\bnor\b|\bni\b")
_DOUBLE = re.compile(
    r"\bnot? (?:\w+ )?(?:without|deny|denies|denied)\b|\bdoes ?n[o']t deny\b|\bpas sans\b|\bne nie pas\b|\bn'est pas sans\b"
)
_EXCEPT = re.compile(
    r"\b(?:unless|except|apart from|sauf|hormis|only (?:when|if)|qu'(?:au|a|en|apres|avec)|que (?:si|lorsqu|quand|au))\b"
)
_VERB = re.compile(r"\b(?:is|has|had|it|which|started|became|gets|was|elle|il|qui|est|a|devient|ca|cela)\b")


@dataclass(frozen=True)
class Context:
    """A sentence of the plain text, and whose it is."""

    plain: str
    start: int
    end: int
    family: bool
    spouse: bool

    @classmethod
    def of(cls, plain: str, start: int, end: int) -> "Context":
        """Look once for the people of a sentence."""
        people = {name: bool(CUES[name].search(plain, start, end)) for name in ("family", "spouse")}
        return cls(plain, start, end, people["family"], people["spouse"])

    @property
    def text(self) -> str:
        """The sentence."""
        return self.plain[self.start : self.end]

    def clause(self, place: int) -> str:
        """Return the part of the sentence around a place that commas and contrasts do not cut."""
        start = max([self.start, *(m.end() for m in _cuts(self.plain, self.start, place))])
        end = min([self.end, *(m.start() for m in _cuts(self.plain, place, self.end))])
        return self.plain[start:end]


def _cuts(plain: str, start: int, end: int) -> list["re.Match[str]"]:
    return [*re.compile(r",(?!\d)").finditer(plain, start, end), *CUES["ender"].finditer(plain, start, end)]


def others_lesion(context: Context, place: int) -> bool:
    """Say whether a mention is about a scar or another lesion."""
    return bool(CUES["other_lesion"].search(context.clause(place)))


def status(context: Context, start: int, end: int, history: bool = False) -> str | None:
    """Return present, absent, uncertain, or None where the sentence does not say that it is so."""
    before, after = context.plain[context.start : start], context.plain[end : context.end]
    if _NOT_ASKED.match(after) or (CUES["hypothetical"].search(before) and not history):
        return None
    if history and CUES["hypothetical"].search(before):
        return None
    if _NO_AFTER.match(after):
        return "absent"
    if _UNSURE_BEFORE.search(before) or _UNSURE_AFTER.match(after):
        return "uncertain"
    if CUES["hedge"].search(context.clause(start)):
        return "uncertain"
    if _YES_AFTER.match(after):
        return "present"
    return _polarity(before, after)


def _polarity(before: str, after: str) -> str:
    ender = max((m.end() for m in CUES["ender"].finditer(before)), default=0)
    scope = before[ender:]
    cues = [m for m in CUES["negation"].finditer(scope) if not re.match(r"\s*[,.]", scope[m.end() :])]
    if re.search(r"\b(?:non seulement|not only)\b", scope):
        return "present"
    if not cues:
        return "absent" if re.match(r"(?: \w+)? (?:pas|jamais)\b", after) and not _EXCEPT.match(after.lstrip()) else "present"
    if _DOUBLE.search(scope) or _EXCEPT.match(after.lstrip()):
        return "present"
    return "absent" if _reaches(scope[cues[-1].start() :], after) else "present"


def _reaches(between: str, after: str) -> bool:
    """Say whether a negation at the start of `between` still holds at its end."""
    if "," not in between:
        return not re.search(r"\b(?:and|et|with|avec|which|qui|because|car)\b.*\b(?:is|has|a|est|qui|it|ca)\b", between)
    if CUES["long_negation"].match(between):
        return not _VERB.search(between[between.rindex(",") :])
    last = between[between.rindex(",") + 1 :]
    if _VERB.search(last) or "+" in after[:5]:
        return False
    # a bare item of a list ("no itch, pain, bleeding") is denied with it; a described one ("a crusted nodule") is not
    return len(last.split()) <= 1 and bool(re.match(r"\s*(?:[,.;]|$|or\b|ou\b|ni\b|and\b|et\b)", after))
