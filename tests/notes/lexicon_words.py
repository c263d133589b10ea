"""Strategies that make words and phrases of the reader's own lexicon."""

import re
from functools import cache

from hypothesis import strategies as st

from derm_xai.notes.reader import lexicon

# words that say no, or say that something stays, by themselves
DENIAL = re.compile(
    r"\b(?:not?|n't|never|cannot|nor|non|un|fail\w*|less|lost|loss|pas|plus|jamais|ne|n'|ni|sans|moins|perd?u|rien|negative|positive)\b"
    r"|rest|persist|stay|remain|still|longer|nothing|unblanching|ineffac|insensible|hypo"
)


def _generable(text):
    text = re.sub(r"\(\?<?[!=](?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)", "", text)
    text = re.sub(r"\[\^[^\]]*\](?:\{\d+,\d+\})?\??", " ", text)
    return text.replace(r"\w", "[a-z]").replace(r"\W", " ").replace(r"\s", " ").replace(r"\b", "").replace(r"\d", "[1-9]")


@cache
def phrases(language, name):
    """Phrases that the lexicon has for a finding, without those that hold a denial."""
    known = lexicon.words(language).findings[name]
    return st.one_of(
        [
            st.from_regex(_generable(text), fullmatch=True).filter(
                lambda phrase: len(phrase) < 60 and known.fullmatch(phrase) and not DENIAL.search(phrase)
            )
            for text in lexicon.alternatives(language, "findings", name)
        ]
    )
