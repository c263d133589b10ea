import csv

from derm_xai.batch.cases import read_cases
from derm_xai.datasets.sources import load_all
from derm_xai.datasets.splits import Part, split
from derm_xai.evaluate.card import model_card
from derm_xai.evaluate.run import evaluate, write_cases
from derm_xai.vocabulary import DISCLAIMER
from tests.datasets import published


def test_figures_are_of_the_validation_part_and_stand_in_the_card(tmp_path, model, settings):
    data = published.all_sets(tmp_path)
    validation = split(load_all(data))[Part.VALIDATION]
    evaluation = evaluate(data, model, settings, resamples=10)
    counts = {(row.data, row.given): row.figures["macro AUC"].n for row in evaluation.rows}
    assert counts["MILK10k", "both photos and notes"] == sum(case.source == "MILK10k" for case in validation)
    without_vasc = [case for case in validation if case.source == "HAM10000" and case.diagnosis != "VASC"]
    assert counts["HAM10000 without VASC", "dermoscopic"] == len(without_vasc)
    card = model_card(model.manifest, evaluation)
    assert DISCLAIMER in card
    assert f"{evaluation.rows[0].figures['macro AUC'].value:.3f}" in card
    assert model.manifest.weights_sha256 in card


def test_written_cases_are_read_back_as_the_same_cases(tmp_path):
    data = published.all_sets(tmp_path / "data")
    validation = {case.case_id: case for case in split(load_all(data))[Part.VALIDATION]}
    assert write_cases(data, tmp_path / "out") == len(validation)
    read = [case for table in (tmp_path / "out").glob("*.csv") for case in read_cases(table)]
    assert {case.case_id for case in read} == set(validation)
    for case in read:
        expected = validation[case.case_id]
        assert case.context() == expected.context
        assert [photo.image_type for photo in case.photos(tmp_path / "out" / "photos")] == [
            photo.image_type for photo in expected.photos
        ]


def test_no_label_is_written(tmp_path):
    write_cases(published.all_sets(tmp_path / "data"), tmp_path / "out")
    with (tmp_path / "out" / "MILK10k.csv").open() as lines:
        assert not {"dx", "diagnosis", "label"} & set(next(csv.reader(lines)))
