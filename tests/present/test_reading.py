from typing import get_args

from derm_xai.notes.findings import Finding, FindingName, Findings, Span
from derm_xai.present.reading import read_words
from derm_xai.present.words import FIELDS

HERE = (Span(start=0, end=1, text="x"),)


def read(**values) -> Findings:
    return Findings(findings=tuple(Finding(name=name, value=value, spans=HERE) for name, value in values.items()))


def test_findings_are_named_as_in_the_form():
    found = read(change_in_size="present", bleeding="absent", anatom_site="head_neck_face", age=54, melanoma_history="family")
    assert read_words(found) == (
        f"{FIELDS['grew']}: yes; {FIELDS['bleed']}: no; Body site: head, neck or face; Age: 54; "
        f"{FIELDS['melanoma_history']}: a relative"
    )


def test_every_finding_has_words():
    for name in get_args(FindingName):
        assert read_words(read(**{name: "uncertain"})).endswith(": unsure")
