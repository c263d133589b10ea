"""What the validation cases were in which the model led with a diagnosis, as sentences."""

from derm_xai.evaluate.records import Confusion, Evaluation
from derm_xai.language import _, decimal
from derm_xai.present.words import diagnosis_words, joined
from derm_xai.ui.performance.words import share_words
from derm_xai.vocabulary import Diagnosis


def mistaken(evaluation: Evaluation, leading: Diagnosis) -> tuple[str, ...]:
    """Return a sentence for each data set in which this diagnosis led; nothing where none was measured."""
    return tuple(_sentence(each) for each in evaluation.confusions if each.leading is leading)


def _sentence(each: Confusion) -> str:
    others = [
        _("{count} {diagnosis}").format(count=decimal(count, 0), diagnosis=diagnosis_words(diagnosis))
        for diagnosis, count in each.truth.items()
        if diagnosis is not each.leading
    ]
    return _("{data}, validation: {diagnosis} led in {n} cases and was right in {share}. The others were: {others}.").format(
        data=_(each.data),
        diagnosis=diagnosis_words(each.leading),
        n=decimal(each.right.n, 0),
        share=share_words(each.right),
        others=joined(others) or _("none"),
    )
