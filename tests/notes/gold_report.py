"""Precision, recall and F1 of the notes reader on the gold notes: python -m tests.notes.gold_report [judge|write]."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import get_args

from derm_xai.notes.findings import AlsoRead
from derm_xai.notes.reader import read_notes

GOLD = Path(__file__).parent / "gold"
LATER = set(get_args(AlsoRead))
"""Findings for which the gold notes were not labelled."""


def load(language, half):
    lines = (GOLD / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [note for note in map(json.loads, lines) if note["half"] == half]


def count(notes):
    """Return hits, reads and gold pairs by finding, and how many negated or family findings were read as present."""
    hits, reads, gold, wrong = Counter(), Counter(), Counter(), Counter()
    for note in notes:
        read = {name: value for name, value in read_notes(note["text"]).values().items() if name not in LATER}
        reads.update(read.keys())
        gold.update(note["findings"].keys())
        hits.update(name for name, value in read.items() if note["findings"].get(name) == value)
        wrong.update(
            name for name, value in note["findings"].items() if value in ("absent", "family") and read.get(name) == "present"
        )
    return hits, reads, gold, wrong


def f1(hits, reads, gold):
    return 2 * hits / (reads + gold) if reads + gold else 1.0


def table(language, half):
    hits, reads, gold, wrong = count(load(language, half))
    yield f"{language} {half}: finding, precision, recall, F1, wrongly present"
    for name in sorted(gold | reads):
        precision = hits[name] / reads[name] if reads[name] else 0.0
        recall = hits[name] / gold[name] if gold[name] else 0.0
        yield f"{name:20} {precision:.2f} {recall:.2f} {f1(hits[name], reads[name], gold[name]):.2f} {wrong[name]}"
    micro = f1(hits.total(), reads.total(), gold.total())
    yield f"micro-F1 {micro:.3f}, wrongly present {wrong.total()}"


if __name__ == "__main__":
    for each in ("en", "fr"):
        print("\n".join(table(each, sys.argv[1] if len(sys.argv) > 1 else "judge")))
