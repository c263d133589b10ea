import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derm_xai.classify.checkpoint import load_model
from derm_xai.datasets.near_duplicates import near_pairs, perceptual_hash
from derm_xai.datasets.sources import LabelledCase, LabelledPhoto, load_all
from derm_xai.datasets.splits import HELD_OUT, Part, split
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.settings import Settings
from derm_xai.vocabulary import DIAGNOSES, ImageType
from tests.conftest import PHOTO_SETS


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


def test_what_is_held_out_stays_so_whatever_else_is_there():
    """A larger download of the same sets may not move a lesion from training to validation, or back."""
    with HELD_OUT.open(encoding="utf-8", newline="") as lines:
        listed = {row["group"]: Part(row["part"]) for row in csv.DictReader(lines)}
    assert Counter(listed.values()) == {Part.VALIDATION: 1607, Part.CALIBRATION: 1074}
    chosen = sorted(listed)[::100]
    few = [case(index, group) for index, group in enumerate(chosen)]
    more = [case(100 + index, f"IL_new{index}", index % 3) for index in range(80)]
    for cases in (few, few + more):
        parts = split(cases)
        assert {each.group for each in parts[Part.VALIDATION]} == {
            group for group in chosen if listed[group] is Part.VALIDATION
        }
        assert {each.group for each in parts[Part.CALIBRATION]} == {
            group for group in chosen if listed[group] is Part.CALIBRATION
        }


def test_a_file_under_two_lesions_stays_on_the_training_side():
    twins = [
        LabelledCase(
            each.case_id,
            each.group,
            each.source,
            each.diagnosis,
            (LabelledPhoto("p", ImageType.CLINICAL, bytes),),
            each.context,
        )
        for each in (case(index, f"g{index}") for index in range(60))
    ]
    parts = split(twins)
    # all sixty hold the same (empty) file: those dealt to training keep it, the others are left out
    assert [len(parts[part]) for part in Part] == [45, 0, 0]


def test_the_split_depends_on_names_alone():
    cases = [case(index, f"g{index}") for index in range(100)]
    forwards, backwards = split(cases), split(cases[::-1])
    assert all({each.case_id for each in forwards[part]} == {each.case_id for each in backwards[part]} for part in Part)


@pytest.mark.data
@pytest.mark.skipif(not PHOTO_SETS.is_dir(), reason="the public photo sets are not on this machine")
def test_no_real_lesion_patient_or_equal_photo_stands_on_two_sides():
    parts = split(load_all(PHOTO_SETS))
    for name in (lambda each: each.group, lambda each: each.case_id):
        seen = [{name(each) for each in parts[part]} for part in Part]
        assert not (seen[0] & seen[1] | seen[0] & seen[2] | seen[1] & seen[2])
    files = [{photo.read() for each in parts[part] for photo in each.photos} for part in Part]
    assert not (files[0] & files[1] | files[0] & files[2] | files[1] & files[2])


@pytest.mark.data
@pytest.mark.skipif(not PHOTO_SETS.is_dir(), reason="the public photo sets are not on this machine")
def test_the_committed_model_learned_from_these_parts():
    manifest = load_model(Settings().model_folder()).manifest
    parts = split(load_all(PHOTO_SETS))
    for each in manifest.data:
        counts = [sum(case.source == each.name for case in parts[part]) for part in Part]
        assert counts == [each.train, each.calibration, each.validation]


@pytest.mark.data
@pytest.mark.skipif(not PHOTO_SETS.is_dir(), reason="the public photo sets are not on this machine")
def test_no_near_copy_of_a_real_photo_stands_on_two_sides():
    photos = [
        (part, case.group, photo)
        for part, cases in split(load_all(PHOTO_SETS)).items()
        for case in cases
        for photo in case.photos
    ]
    with ThreadPoolExecutor() as pool:
        hashes = np.stack(list(pool.map(lambda owned: perceptual_hash(read_photo(owned[2].read(), "clinical").pixels), photos)))
    across = [
        (photos[first][2].image_id, photos[second][2].image_id, bits)
        for first, second, bits in near_pairs(hashes)
        if photos[first][0] is not photos[second][0]
    ]
    assert across == []
