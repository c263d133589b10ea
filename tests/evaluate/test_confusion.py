import numpy as np
from sklearn.metrics import confusion_matrix

from derm_xai.evaluate.confusion import confusions
from derm_xai.vocabulary import DIAGNOSES
from tests.evaluate.test_metrics import drawn


def test_the_counts_are_scikit_learns():
    cases = drawn(200, seed=3)
    matrix = confusion_matrix(cases.label, cases.probabilities.argmax(1), labels=range(len(DIAGNOSES)))
    found = confusions("MILK10k", cases, 10)
    for each in found:
        column = matrix[:, DIAGNOSES.index(each.leading)]
        assert {DIAGNOSES.index(diagnosis): count for diagnosis, count in each.truth.items()} == {
            index: count for index, count in enumerate(column) if count
        }
        assert each.right.n == column.sum()
        assert np.isclose(each.right.value, column[DIAGNOSES.index(each.leading)] / column.sum())
    assert sum(each.right.n for each in found) == 200


def test_the_most_frequent_stands_first():
    for each in confusions("MILK10k", drawn(200, seed=4), 10):
        counts = list(each.truth.values())
        assert counts == sorted(counts, reverse=True)
