import pytest

from tests.notes.gold_report import GOLD, count, f1, load

needs_gold = pytest.mark.skipif(not (GOLD / "en.jsonl").exists(), reason="the gold notes are not here")

# Read so far of the judged notes: micro-F1 .947 English and .960 French.


@needs_gold
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_judge_half_is_read_well_enough(language):
    hits, reads, gold, _ = count(load(language, "judge"))
    assert f1(hits.total(), reads.total(), gold.total()) >= 0.92


@needs_gold
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_negated_or_a_relatives_is_read_as_present(language):
    *_, wrong = count(load(language, "judge"))
    assert wrong.total() == 0, wrong
