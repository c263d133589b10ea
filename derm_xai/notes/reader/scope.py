"""What a sentence says of a mention: there, not there, perhaps, or nothing (a plan, another person, another place)."""

import re
from dataclasses import dataclass

from derm_xai.notes.reader.lexicon import Words
from derm_xai.notes.reader.text import ANSWER_LABEL, NoteText

_JOINT = re.compile(
    r"\s*(?:[:=-]\s*|\()?"
    r"(?:(?:personal(?:ly)?|self|own|himself|herself|patient|pt|perso(?:nnel(?:le)?)?|elle-meme|lui-meme|elle|lui|moi"
    r"|(?:chez|pour) (?:elle|lui|moi)|her|him|he|she|me|patiente)[,:]?\s+)?"
)
_QUERY_BEFORE = re.compile(r"(?:(?:^|[\s(/,;:.])\?|(?:^|[(/,;:.])\s*\?\s)$")
_QUERY_AFTER = re.compile(r"\s*[:=-]?\s*\?")
_LABEL = re.compile(r"\s*[a-z/'() ]{0,28}\s?:\s*")
_DASHED = re.compile(r"\s[a-z'() ]{1,28}\s-+\s")
# "itch, none; pain ... none; bleeding -> none"
_LOOSE = re.compile(
    r"(?:\s(?:history|personally|personnel\w*|anterieur\w*|antecedents?|recent\w*|(?:or|and|ou|et) [a-z]+))?"
    r"\s*(?:[,;/=?]|\.{2,}|\u2026|-*>|\u2192|[:=]\s*-+|-+)\s*\(?"
)
# "pain? A: no", "has it bled? it hasn't"
_ASKED = re.compile(rf"(?:\s[a-z']+){{0,2}}\s*\?\s*(?:{ANSWER_LABEL}\s*|(?:it|he|she|they|i)\s+)?")
_ANSWER_END = re.compile(r"\s*(?:[.,;/)]|$)|\s+[a-z' ]{2,24}\s?\?")
# "pain, itch and bleeding: none", "itch, pain and numbness are absent": one answer for a list
_SHARED = re.compile(
    r"(?:\s*(?:[,/&]|\b(?:and|or|nor|et|ou|ni)\b)\s*[a-z' -]{2,30}?){1,4}\s*\)?\s*(?:[:=?]|\s[-–]\s|\b(?:are|is|"
    r"were|all|both|sont|tous|toutes)\b)\s*(?:\b(?:all|both|are|tous|toutes)\b\s*)*"
)
_TOLD_ABSENT = re.compile(
    r"(?:\s*(?:[,/&]|\b(?:and|or|nor|et|ou|ni)\b)\s*"
    r"(?:(?!\b(?:signale|rapporte|present|note|reported|yes|oui))[a-z' -]){2,30}?){1,4}"
    r"\s+(?:not (?:reported|present|seen|noted)|denied|nie(?:e?s)?|absent|negative|absente?s|nil|none|-ve|neg)\s*(?:[.,;]|$)"
    r"|(?:/[a-z' -]{2,24}?){1,3}\s+(?:no|non)\s*(?:[.,;]|$)"
)
_CARRIES_ON = re.compile(r"(?:\s*,\s*[\w' -]{2,24}?){0,4}\s*,?\s*\b(?:or|nor|ou|ni)\b")
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
# "+ itch, - pain": a dash is a minus where there is a plus
_SPACED_SIGN = re.compile(r"(?:^|[,;(]\s*)[-+]\s$")
_SIGN_BEFORE = re.compile(r"(?:^|[\s,(;])(?:[-+]|\([-+]\) ?|[-+]ve )$|[\u00f8\u2205] ?$")
# "pain there is none", "skin cancer he has never had", "cancer de la peau, il n'en a jamais eu"
_DENIED_AFTER = re.compile(
    r"(?:\s*(?:,|/|\b(?:and|or|et|ou)\b)\s*[a-z' -]{2,24}?){0,3},?\s+(?:"
    r"(?:there (?:is|was|has been)|(?:he|she|it|they|i) (?:has|had|have|is|was|does|did|reports?)) "
    r"(?:not|never|none|no)(?: (?:had|any|at all|history|have|ever had))*|(?:he|she|they|i) den(?:y|ies|"
    r"ied)(?: it| them| having)?"
    r"|(?:il|elle|je|j') ?(?:n'|ne )(?:en |y )?(?:a|ai|ont|avait) (?:jamais|pas|aucune?)(?: eue?)?|(?:il|"
    r"elle) (?:le |la |les )?nie"
    r"|(?:il )?n'y en a (?:pas|jamais eu)|(?:jamais|neant|never|none)(?: eue?)?|,? ?aucune? antecedents?)\s*(?:[.,;]|$)"
)
_CHOICE = re.compile(r"^\s*\(?(?:o/n|y/n|oui/non|yes/no)\)?")
_BOX_NO = re.compile(
    r"\s*:?\s*(?:(?:\[\s?\]|[\u2610\u25a1])\s*(?:oui|yes)\s*(?:\[x\]|[\u2612\u2611\u25a0])\s*(?:non|no)\b"
    r"|(?:oui|yes)\s*(?:\[\s?\]|[\u2610\u25a1])\s*(?:non|no)\s*(?:\[x\]|[\u2612\u2611\u25a0]))"
)
# "itch -", "itch - pain + bleeding -"; a dash before other words is a dash: "bleeding - yes", "bleeding - since May"
_MINUS = re.compile(r"\s*(?:(?:[:=]\s*)?-\s*(?=[,.;/)]|$)|-(?=\s*[a-z' ]{2,30}?\s?[-+](?:[\s,.;]|$))|\(-\)|-ve\b)")
# "[ ] itch [x] pain", and "itch [ ] pain [x]"
_BOX = re.compile(r"\[\s?(x|v)?\s?\]|([\u2611\u2612\u2713\u2714\u25a0])|[\u2610\u25a1]")
_COMMA = re.compile(r",(?!\d)")
# "pas de prurit, saigne": a verb of its own; "no itch, previous BCC": an item of its own
_SAYS_SO = re.compile(
    r"(?:saigne|gratte|demange|suinte|coule|brule|picote|grossit|grandit|pousse|fonce|bleeds|itches|hurts|en relief)(?:nt)?"
)
_FRESH = re.compile(r"\b(?:previous|prev|past|pmh|known|atcds?|antecedents?)\b")
_GOES_ON = re.compile(r"\s*(?:,|\b(?:and|or|nor|et|ou|ni)\b)")
_CONDITION_END = re.compile(r",(?!\d)|\?")
# "no bleeding, mild itch": a measure of it says that it is there
_MEASURED = re.compile(
    r"\b(?:some|one|two|few|mild|slight|moderate|severe|marked|occasional|intermittent|frequent|only|just"
    r"|un peu|legere?|moderee?|quelques|parfois)\b"
)
_VERB = re.compile(
    r"\b(?:itches|bleeds|hurts|grows|gratte|saigne|demange|suinte|fait|is|has|had|it|which|started|became|gets|was|now|blanches|elle|il|qui|est|a|devient|ca|cela|c'est)\b"
)
_ADJECTIVE = re.compile(
    r"(?!fever|ulcer|cancer)\w*(?:[^aeiou]y|ed|ful|er|tender|sore|numb|ique|eux|euses?|ees?|ales?|antes?|ous|al|ic)$"
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
_LONGEST_LISTED = 3
_ANSWERING = re.compile(
    r"[:=?]|\s[-–]\s|-ve|\b(?:are|is|were|all|both|sont|tous|toutes|not|denied|niee?s?|absente?s?|negative|nil|none|no|non|neg)\b"
)
# a list is looked at no further, so that no text takes long
_LIST_REACH = 64
_CONJOINED = re.compile(r"\b(?:or|nor|ou|ni|and|et)\b[^,]{0,24}$")
_SMALL = re.compile(r"\b(?:or|nor|ou|ni|and|et|de|du|des|la|le|any|the|of)\b|\bd'")
_ARTICLE = re.compile(r"\s*(?:an?|une?)\b")


@dataclass(frozen=True)
class Context:
    """A sentence of the plain text, and whose it is."""

    plain: str
    words: Words
    start: int
    end: int
    family: bool
    spouse: bool

    @classmethod
    def of(cls, note: NoteText, start: int, end: int) -> "Context":
        """Look once for the people of a sentence."""
        cues = note.words.cues
        family, spouse = (bool(cues[name].search(note.plain, start, end)) for name in ("family", "spouse"))
        return cls(note.plain, note.words, start, end, family, spouse)

    @property
    def text(self) -> str:
        """The sentence."""
        return self.plain[self.start : self.end]

    def has(self, cue: str) -> bool:
        """Say whether a cue is in the sentence."""
        return bool(self.words.cues[cue].search(self.plain, self.start, self.end))

    def clause_span(self, place: int) -> tuple[int, int]:
        """Return the part of the sentence around a place that commas and contrasts do not cut."""
        start = max([self.start, *(m.end() for m in self._cuts(self.start, place))])
        end = min([self.end, *(m.start() for m in self._cuts(place, self.end))])
        return start, end

    def clause(self, place: int) -> str:
        """Return the words of that part."""
        start, end = self.clause_span(place)
        return self.plain[start:end]

    def _cuts(self, start: int, end: int) -> list["re.Match[str]"]:
        return [*_COMMA.finditer(self.plain, start, end), *self.words.cues["ender"].finditer(self.plain, start, end)]


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
    before, after = context.plain[context.start : start], context.plain[end : context.end]
    answer = _CHOICE.sub("", context.plain[end : end + 40], count=1)
    if _BOX_NO.match(answer):
        return "absent"
    if _unticked(context, start, end):
        return None
    if _said(context, "unasked", answer) or _hypothetical(context, before, start):
        return None
    sign = _SIGN_BEFORE.search(before) or ("+" in context.text and _SPACED_SIGN.search(before))
    if sign:
        return "present" if "+" in sign.group() else "absent"
    if (
        _said(context, "no", answer)
        or _MINUS.match(answer)
        or _shared(context, "no", start, end)
        or _DENIED_AFTER.match(after[:_LIST_REACH])
    ):
        return "absent"
    if _said(context, "yes", answer) and "?" in answer[:16]:
        return "present"
    if _QUERY_BEFORE.search(before) or _QUERY_AFTER.match(answer) or _said(context, "unsure", answer):
        return "uncertain"
    if context.words.cues["hedge"].search(context.clause(start)):
        return "uncertain"
    if _said(context, "yes", answer):
        return "present"
    return _polarity(context.words, before, after, context.plain[start:end])


def answered(context: Context, place: int) -> bool:
    """Say whether a label is answered with yes."""
    return _said(context, "yes", context.plain[place : place + 40])


def _unticked(context: Context, start: int, end: int) -> bool:
    """Say whether a mention stands at an empty box, in a form whose boxes stand all before, or all behind, their labels."""
    boxes = list(_BOX.finditer(context.plain, context.start, context.end))
    if not boxes:
        return False
    behind = not re.search(r"[a-z]", context.plain[boxes[-1].end() : context.end])
    own = [box for box in boxes if (box.start() >= end if behind else box.end() <= start)]
    if not own or re.search(r"[,;:]", context.plain[end : own[0].start()] if behind else context.plain[own[-1].end() : start]):
        return False
    return not any((own[0] if behind else own[-1]).groups())


def _said(context: Context, name: str, answer: str) -> bool:
    """Say whether an answer follows: "itch: no", "itch (no)", "itch history: no", "itch? no."."""
    words = context.words.after[name]
    for joint in (_JOINT, _LABEL, _DASHED, _LOOSE, _ASKED):
        found = joint.match(answer)
        said = found and words.match(answer, found.end())
        if not found or not said:
            continue
        if joint in (_DASHED, _LOOSE, _ASKED):
            return (name, joint) != ("unsure", _ASKED) and bool(_ANSWER_END.match(answer, said.end()))
        # a lone letter answers after a colon, or at the end of an item
        if (
            len(said.group()) > 1
            or said.group() in "0+"
            or ":" in answer[: found.end()]
            or _ANSWER_END.match(answer, said.end())
        ):
            return True
    return False


def _shared(context: Context, name: str, start: int, end: int) -> bool:
    if _ADJECTIVE.fullmatch(context.plain[start:end]):
        return False
    if not _ANSWERING.search(context.plain, end, min(context.end, end + _LIST_REACH)):
        return False
    if name == "no" and _TOLD_ABSENT.match(context.plain, end, min(context.end, end + _LIST_REACH)):
        return True
    found = _SHARED.match(context.plain, end, min(context.end, end + _LIST_REACH))
    return bool(found and context.words.after[name].match(context.plain, found.end(), context.end))


def _hypothetical(context: Context, before: str, start: int) -> bool:
    cues = context.words.cues
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
    if not _CONDITION_END.search(before, condition):
        return True
    items = _COMMA.split(before[condition:])[1:]
    listed = bool(items) and "?" not in before[condition:] and all(len(item.split()) <= _LONGEST_LISTED for item in items)
    end = context.plain.find(" ", start)
    carries_on = end > 0 and _CARRIES_ON.match(context.plain, end, min(context.end, end + _LIST_REACH))
    return listed and bool(_CONJOINED.search(items[-1]) or carries_on)


def _polarity(words: Words, before: str, after: str, mention: str) -> str:
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
    adjective = bool(_ADJECTIVE.fullmatch(mention))
    if not _COMMA.search(between):
        first = re.match(r"\s*(\w+)", between)
        alike = bool(first and _ADJECTIVE.fullmatch(first[1]))
        crossed = noun and adjective and not alike and re.search(r"\b(?:and|et|with|avec)\s+(?:\w+\s+)?$", between)
        return not crossed and not _CROSSED.search(between)
    items = _COMMA.split(between)[1:]
    joined = _CONJOINED.search(items[-1])
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
    if noun and adjective and not joined and not _CARRIES_ON.match(after[:_LIST_REACH]):
        return False
    # a bare item of a list ("no itch, pain, bleeding") is denied with it; a described one ("a crusted nodule") is not
    plain = [len(_SMALL.sub(" ", item).split()) for item in items]
    short = all(length <= _LONGEST_ITEM for length in plain)
    return short and (
        bool(joined)
        or (plain[-1] <= (0 if adjective else 1) and bool(_ITEM_END.match(after)) and not _ARTICLE.match(items[-1]))
    )
