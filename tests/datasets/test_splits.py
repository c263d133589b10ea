import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derm_xai.datasets.sources import LabelledCase, load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES


def case(index: int, group: str, label: int = 0) -> LabelledCase:
    return LabelledCase(str(index), group, "MILK10k", DIAGNOSES[label], (), ClinicalContext())


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 10)), max_size=200))
def test_no_group_stands_on_two_sides_and_no_case_is_lost(pairs):
    cases = [case(index, f"g{group}", label) for index, (group, label) in enumerate(pairs)]
    parts = split(cases)
    groups = [{each.group for each in parts[part]} for part in Part]
    assert not (groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2])
    assert sorted(each.case_id for part in Part for each in parts[part]) == sorted(each.case_id for each in cases)


def test_of_twenty_groups_of_a_class_three_validate_and_two_calibrate():
    parts = split([case(index, f"g{index}", index % 2) for index in range(400)])
    for label in DIAGNOSES[:2]:
        assert [Counter(each.diagnosis for each in parts[part])[label] for part in Part] == [150, 20, 30]


def test_the_split_depends_on_names_alone():
    cases = [case(index, f"g{index}") for index in range(100)]
    forwards, backwards = split(cases), split(cases[::-1])
    assert all({each.case_id for each in forwards[part]} == {each.case_id for each in backwards[part]} for part in Part)


@pytest.mark.data
@pytest.mark.skipif("DERM_XAI_DATA" not in os.environ, reason="DERM_XAI_DATA does not name the public photo sets")
def test_no_real_lesion_patient_or_equal_photo_stands_on_two_sides():
    parts = split(load_all(Path(os.environ["DERM_XAI_DATA"])))
    for name in (lambda each: each.group, lambda each: each.case_id):
        seen = [{name(each) for each in parts[part]} for part in Part]
        assert not (seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2])
    files = [{hash(photo.read()) for each in parts[part] for photo in each.photos} for part in Part]
    assert not (files[0] & files[1] | files[0] & files[2] | files[1] & files[2])
