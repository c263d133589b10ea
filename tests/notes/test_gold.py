import json

import pytest

from derm_xai.notes.reader import read_notes
from tests.notes.gold_report import GOLD, count, f1, load

SHORT = [json.loads(line) for line in (GOLD / "short.jsonl").read_text(encoding="utf-8").splitlines()]
needs_gold = pytest.mark.skipif(not (GOLD / "en.jsonl").exists(), reason="the gold notes are not here")

# Read so far of the judged notes: micro-F1 .954 English and .963 French.


@needs_gold
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_judge_half_is_read_well_enough(language):
    hits, reads, gold, _ = count(load(language, "judge"))
    assert f1(hits.total(), reads.total(), gold.total()) >= 0.92


@pytest.mark.parametrize("note", SHORT, ids=lambda note: note["text"][:40])
def test_a_short_note_gives_its_findings(note):
    assert read_notes(note["text"]).values() == note["findings"]


@needs_gold
@pytest.mark.parametrize("language", ["en", "fr"])
def test_nothing_negated_or_a_relatives_is_read_as_present(language):
    *_, wrong = count(load(language, "judge"))
    assert wrong.total() == 0, wrong
