"""What other rooms say in English, in the language of the reader."""

from derm_xai.errors import DermXaiError
from derm_xai.language import _, spoken
from derm_xai.present.words import photo_words
from derm_xai.triage.sentences import RETAKE
from derm_xai.triage.texts import translated
from derm_xai.vocabulary import ImageType


def error_words(error: DermXaiError) -> str:
    """Return an error's sentence."""
    values = {name: _(value) if isinstance(value, str) else value for name, value in error.values.items()}
    return _(error.sentence).format(**values) if values else _(error.sentence)


def advice_words(sentence: str) -> str:
    """Return a sentence of a TriageAdvice; where it asks for a photo again, it names that photo as the page does."""
    for image_type in ImageType:
        start = RETAKE.format(image_type=image_type, why="")
        if sentence.startswith(start):
            return f"{photo_words(image_type).capitalize()}: {_(sentence.removeprefix(start))}"
    return translated(sentence, spoken())


def all_advice(sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Return sentences of a TriageAdvice."""
    return tuple(map(advice_words, sentences))
