"""How far a denial reaches in running text: "no itch, pain or bleeding, but it grew", "ne saigne plus"."""

import re

from derm_xai.notes.reader.context import ADJECTIVE, CARRIES_ON, COMMA, CONJOINED, LIST_REACH, Context
from derm_xai.notes.reader.lexicon import Words

_HEADING = re.compile(
    r"\s*(?:[a-z' ]{0,16}\b(?:following|symptoms?|signs?|these|ticked|present|reported|noted|seen|found|"
    r"evident|of|to|for|evidence|any|signale|retrouve|rapporte|suivants?|symptomes?|signes?))?\s*:"
)
_ASIDE = re.compile(
    r",\s*(?:to (?:her|his|my|the best of (?:her|his|my))|as far as|(?:he|she|they|i) (?:say|insist|tell|"
    r"think|add)|a (?:sa|ma) connaissance|d'apres|selon|dit-"
    r"|pour l'instant|pour le moment|at present|so far|currently|at all|a ce jour|jusqu'ici|actuellement|"
    r"en tout cas|says|according)[^,]*,"
)
_DENIED_VERB = re.compile(
    r"\b(?:not|never|no|n't|ne|n'|jamais|pas|plus|longer|denies|denied|without|sans|aucune?|"
    r"nie)\s+(?:\w+\s+)?$|\b(?:nobody|no one|no-one|none|personne)\s+(?:\w+\s+){0,4}$"
)
_CONTRAST = re.compile(
    r"but|however|al?though|except|apart|other|mais|cependant|toutefois|par contre|en revanche|sauf|hormis|pourtant"
)
# "pas de prurit, saigne": a verb of its own; "no itch, previous BCC": an item of its own
_SAYS_SO = re.compile(
    r"(?:saigne|gratte|demange|suinte|coule|brule|picote|grossit|grandit|pousse|fonce|bleeds|itches|hurts|en relief)(?:nt)?"
)
_FRESH = re.compile(r"\b(?:previous|prev|past|pmh|known|atcds?|antecedents?)\b")
_GOES_ON = re.compile(r"\s*(?:,|\b(?:and|or|nor|et|ou|ni)\b)")
# "no bleeding, mild itch": a measure of it says that it is there
_MEASURED = re.compile(
    r"\b(?:some|one|two|few|mild|slight|moderate|severe|marked|occasional|intermittent|frequent|only|just"
    r"|un peu|legere?|moderee?|quelques|parfois)\b"
)
_VERB = re.compile(
    r"\b(?:itches|bleeds|hurts|grows|gratte|saigne|demange|suinte|fait|is|has|had|it|which|started|became|gets|was|now|blanches|elle|il|qui|est|a|devient|ca|cela|c'est)\b"
)
_NE = re.compile(r"\bn(?:e|')\s*(?:(?:me|te|le|la|les|lui|se|y|en|a|ont|est|sont|etait|avait|fait|font|semble)\s+|[slm]'\s*)*$")
# "plus" alone denies only at an end: "plus forte", "de plus en plus" and "depuis plus d'un an" do not
_PAS = re.compile(
    r"(?:\s+(?!(?:mais|et|ou|car|depuis|de|en|un|non|a)\b)\w+)?\s+(?:(?:pas(?! mal\b)|jamais|guere|nullement|aucun\w*)\b"
    r"|plus(?=\s*(?:[.,;)]|$)|\s+(?:depuis|du tout|maintenant|et|ni|actuellement|beaucoup|trop)\b))"
)
# "plus de douleur que la semaine passee"
_MORE_OF, _THAN = re.compile(r"\bplus d(?:e |')$"), re.compile(r"[^.;,]{0,30}\bque?\b")
_NE_PLUS = re.compile(r"\s+(?:plus|ni)\b(?! en plus)")
_CROSSED = re.compile(r"\b(?:and|et|with|avec|which|qui|because|car)\b.*\b(?:is|has|a|est|qui|it|ca|are|was|gets)\b")
_ITEM_END = re.compile(
    r"\s*(?:[,.;:/)]|$|(?:or|ou|ni|nor|and|et|of|to|noted|reported|seen|either|present|visible|associee?s?)\b)"
)
_LONGEST_ITEM = 4
_SMALL = re.compile(r"\b(?:or|nor|ou|ni|and|et|de|du|des|la|le|any|the|of)\b|\bd'")
_ARTICLE = re.compile(r"\s*(?:an?|une?)\b")


def polarity(context: Context, start: int, end: int) -> str:
    """Return present or absent."""
    words, mention = context.words, context.plain[start:end]
    before, after = context.plain[context.start : start], context.plain[end : context.end]
    cues = words.cues
    follows = after.lstrip()
    if cues["except"].match(follows) or (_MORE_OF.search(before) and _THAN.match(after)):
        return "present"
    denied = _PAS.match(after) or (_NE.search(before) and _NE_PLUS.match(after))
    if denied and not mention.endswith("pas"):
        return "present" if cues["except"].match(after[denied.end() :].lstrip()) else "absent"
    if _NE.search(before) and re.match(r"qu[e']", follows):
        return "present"
    # "not yet", "never has had" end nothing
    enders = (
        m for m in cues["ender"].finditer(before) if _CONTRAST.match(m.group()) or not _DENIED_VERB.search(before[: m.start()])
    )
    ender = max((m.end() for m in enders), default=0)
    scope = before[ender:]
    # what two denials, or "not only", have let in, a later "no" still takes back
    turned = [m.end() for m in (*cues["double"].finditer(scope), *cues["not_only"].finditer(scope))]
    scope = scope[max(turned, default=0) :]
    found = [
        m
        for m in cues["negation"].finditer(scope)
        if _ASIDE.match(scope, m.end()) or not re.match(r"\s*(?:[,./;]|$)", scope[m.end() :] + mention)
    ]
    return "absent" if any(_reaches(words, scope, cue, after, mention) for cue in found) else "present"


def _reaches(words: Words, scope: str, cue: "re.Match[str]", after: str, mention: str) -> bool:
    """Say whether a negation still holds at the end of its scope."""
    between = _ASIDE.sub(" ", scope[cue.end() :])
    heading = _HEADING.match(between)
    between = between[heading.end() :] if heading else between
    close = bool(words.cues["close_negation"].fullmatch(cue.group()))
    if close and between.startswith("-"):
        return " " not in between
    if close and "," in between:
        return False
    noun = bool(words.cues["noun_negation"].match(scope, cue.start()))
    adjective = bool(ADJECTIVE.fullmatch(mention))
    if not COMMA.search(between):
        first = re.match(r"\s*(\w+)", between)
        alike = bool(first and ADJECTIVE.fullmatch(first[1]))
        crossed = noun and adjective and not alike and re.search(r"\b(?:and|et|with|avec)\s+(?:\w+\s+)?$", between)
        return not crossed and not _CROSSED.search(between)
    items = COMMA.split(between)[1:]
    joined = CONJOINED.search(items[-1])
    if (
        any(_VERB.search(item) or _MEASURED.search(item) or re.search(r"\d", item) for item in items)
        or "+" in after[:5]
        or ":" in between
    ):
        return False
    if _SAYS_SO.fullmatch(mention) and not joined:
        return False
    # "no itch, no bleeding, previous BCC": what comes after items that are each denied is not
    each_denied = all(words.cues["negation"].search(item) for item in items[:-1])
    if _FRESH.search(items[-1]) and each_denied and not joined and not _GOES_ON.match(after):
        return False
    if words.cues["long_negation"].match(cue.group()):
        return True
    if noun and adjective and not joined and not CARRIES_ON.match(after[:LIST_REACH]):
        return False
    # a bare item of a list ("no itch, pain, bleeding") is denied with it; a described one ("a crusted nodule") is not
    plain = [len(_SMALL.sub(" ", item).split()) for item in items]
    short = all(length <= _LONGEST_ITEM for length in plain)
    return short and (
        bool(joined)
        or (plain[-1] <= (0 if adjective else 1) and bool(_ITEM_END.match(after)) and not _ARTICLE.match(items[-1]))
    )
