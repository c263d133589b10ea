"""Every sentence that triage can say, apart from what a photo's quality check says, for a page in either language."""

import re
from functools import cache

from derm_xai.language import Language
from derm_xai.triage.engine import rule_book
from derm_xai.triage.look_alikes import catalogue
from derm_xai.triage.sentences import TEXTS
from derm_xai.triage.steps import step_book


def translated(sentence: str, language: Language) -> str:
    """Return a sentence of a TriageAdvice in a language; one that triage does not know stays as it is."""
    return sentence if language == "en" else french().get(sentence, sentence)


@cache
def french() -> dict[str, str]:
    """Return the French of every English sentence, with the spaces before high signs that do not break."""
    texts = (*rule_book().texts, *TEXTS, *step_book().texts, *catalogue().texts)
    return {text.en: re.sub(" (?=[:;?!%»])", "\N{NO-BREAK SPACE}", text.fr) for text in texts}
