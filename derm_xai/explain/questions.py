"""Which question to ask next, and which answers carry the result: exact, since the notes' terms add.

A field that is not recorded adds zero; each of its possible answers would add its own known term. So the range over the answers
is computed, not estimated. The smallest set of answers without which another diagnosis leads is found by trying every set in
order of size: a counterfactual in the sense of Wachter et al. 2017 (arXiv 1711.00399), over the notes alone.
"""

from itertools import combinations

import torch
from torch import Tensor

from derm_xai.classify.network import EvidenceNet
from derm_xai.classify.predict import Evidence
from derm_xai.notes.levels import FIELDS, encode
from derm_xai.records import ClinicalContext, Flip, Question, Questions, Range
from derm_xai.vocabulary import DIAGNOSES, MALIGNANT, places

_MALIGNANT = places(MALIGNANT)


@torch.inference_mode()
def questions(evidence: Evidence, context: ClinicalContext, network: EvidenceNet) -> Questions:
    """Return the fields that are not recorded, the one that could move the malignancy most first, and the least flip."""
    score, levels = evidence.scores().double().mean(0), encode(context)
    asked = [
        _question(index, score, _answers(network, index) / evidence.temperature)
        for index, level in enumerate(levels)
        if not level
    ]
    asked.sort(key=lambda question: question.malignancy.low - question.malignancy.high)
    return Questions(ask=tuple(asked), flip=_flip(score, evidence.notes.double(), levels))


def _answers(network: EvidenceNet, index: int) -> Tensor:
    """Return the term of each possible answer to one field, [level, class], before temperature."""
    answers = torch.zeros(len(FIELDS[index].levels) - 1, len(FIELDS), dtype=torch.long)
    answers[:, index] = torch.arange(1, len(FIELDS[index].levels))
    return network.notes_terms(answers)[:, index].double()


def _question(index: int, score: Tensor, answers: Tensor) -> Question:
    """Return the range of one field, given the term [level, class] of each of its answers."""
    chances = (score + answers).softmax(1)
    leads = {DIAGNOSES[place] for place in chances.argmax(1).tolist()}
    leader = int(score.argmax())
    return Question(
        field=FIELDS[index].name,
        leading=_range(chances[:, leader]),
        malignancy=_range(chances[:, _MALIGNANT].sum(1)),
        could_lead=tuple(diagnosis for diagnosis in DIAGNOSES if diagnosis in leads - {DIAGNOSES[leader]}),
    )


def _range(values: Tensor) -> Range:
    return Range(low=float(values.min()), high=float(values.max()))


def _flip(score: Tensor, notes: Tensor, levels: tuple[int, ...]) -> Flip | None:
    """Return the fewest answers without which another diagnosis leads; of sets of equal size, the one that leads by most."""
    held = [index for index, level in enumerate(levels) if level]
    leader = int(score.argmax())
    for size in range(1, len(held) + 1):
        sets = torch.tensor(list(combinations(held, size)))
        without = score - notes[sets].sum(1)
        lead = without.amax(1) - without[:, leader]
        if lead.max() > 0:
            best = int(lead.argmax())
            then = DIAGNOSES[int(without[best].argmax())]
            return Flip(fields=tuple(FIELDS[index].name for index in sets[best].tolist()), then=then)
    return None
