import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from derm_xai.assess import judge
from derm_xai.batch.cases import read_cases
from derm_xai.batch.run import run
from derm_xai.classify.doubt import SCORES
from derm_xai.classify.lesion import full_size
from derm_xai.errors import CasesError
from derm_xai.photo import read_photo
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import DIAGNOSES, DISCLAIMER, ImageType, VisualConcept
from tests.conftest import draw, encoded

HEAD = "case_id,photo,image_type,age,grew\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    # odd sides, which no grid of the network divides
    (photos / "a.png").write_bytes(encoded(draw(1, 181, 251)))
    (photos / "b.jpg").write_bytes(encoded(draw(2), "JPEG", quality=95))
    (photos / "tiny.png").write_bytes(encoded(draw(1, 8, 8)))
    (photos / "not.png").write_text("hello")
    (photos / "empty.png").write_bytes(b"")
    (tmp_path / "secret.png").write_bytes(encoded(draw(3)))
    return tmp_path


def results(folder, rows, model, settings, masks=None):
    table = folder / "cases.csv"
    table.write_text(HEAD + rows, encoding="utf-8")
    failed = run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings, masks)
    return failed, [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_what_the_contract_asks(folder, model, settings):
    failed, (line,) = results(folder, "L1,a.png,clinical,55,true\nL1,b.jpg,dermoscopic,,\n", model, settings)
    assert failed == 0
    for voice in ("probabilities", "probabilities_photo", "probabilities_notes"):
        assert list(line[voice]) == list(DIAGNOSES)
        assert sum(line[voice].values()) == pytest.approx(1)
    assert {"case_id", "malignancy", "prediction_set", "predictive_entropy", "mutual_information"} <= set(line)
    assert {"urgency", "reasons", "abstained", "model_id"} <= set(line)
    assert {"next_steps", "look_alikes", "not_reassured_because"} <= set(line)
    assert {"diagnosis", "name", "features", "source"} == set(line["look_alikes"][0])
    assert {"score", "flagged"} <= set(line["novelty"])
    assert {"ok", "reasons"} <= set(line["quality"])
    assert line["disclaimer"] == DISCLAIMER


def test_a_line_holds_what_the_judgement_holds(folder, model, settings):
    _, (line,) = results(folder, "L1,a.png,clinical,55,true\nL1,b.jpg,dermoscopic,,\n", model, settings)
    files = (("a.png", ImageType.CLINICAL), ("b.jpg", ImageType.DERMOSCOPIC))
    photos = [read_photo((folder / "photos" / name).read_bytes(), image_type) for name, image_type in files]
    judged = judge(photos, ClinicalContext(age=55, grew=True), model, settings)
    prediction = judged.prediction
    assert line["malignancy"] == prediction.malignancy.value
    assert line["malignancy_threshold"] == 0.3
    assert line["prediction_sets"] == {level: list(held) for level, held in prediction.prediction_sets.items()}
    assert line["prediction_set"] == line["prediction_sets"]["0.95"]
    assert list(line["doubts"]) == list(SCORES)
    assert line["doubts"] == prediction.doubts
    assert line["abstention_score"] == line["predictive_entropy"] == prediction.doubts["predictive entropy"]
    assert line["mutual_information"] == prediction.doubts["mutual information"]
    for seen, photo in zip(line["photos"], judged.photos, strict=True):
        assert seen["image_type"] == photo.image_type
        assert list(seen["concepts"]) == list(VisualConcept)
        assert seen["concepts"] == photo.concepts
        assert (seen["lesion_share"], seen["edge_share"]) == (photo.lesion.share, photo.lesion.edge_share)


def test_masks_are_black_and_white_in_the_photos_size_under_its_name(folder, model, settings):
    masks = folder / "out" / "masks"
    rows = "L1,a.png,clinical,,\nL1,b.jpg,dermoscopic,,\nbad,not.png,clinical,,\n"
    failed, _ = results(folder, rows, model, settings, masks)
    assert failed == 1
    assert sorted(path.name for path in masks.iterdir()) == ["a.png", "b.png"]
    photo = read_photo((folder / "photos" / "a.png").read_bytes(), ImageType.CLINICAL)
    (found,) = judge([photo], ClinicalContext(), model, settings).evidence.photos
    with Image.open(masks / "a.png") as mask:
        assert mask.size == (251, 181)
        assert mask.mode == "1"
        white = np.array(mask.convert("L")) == 255
    # what the outline is does not depend on the samples, so it is the same for the photo alone
    assert np.array_equal(white, full_size(found.outline, 181, 251))


def test_no_mask_is_written_unless_asked_for(folder, model, settings):
    results(folder, "L1,a.png,clinical,,\n", model, settings)
    assert sorted(path.name for path in folder.iterdir()) == ["cases.csv", "out.jsonl", "photos", "secret.png"]


def test_a_bad_case_costs_only_itself(folder, model, settings):
    rows = (
        "good,a.png,clinical,,\n"
        "text,not.png,clinical,,\n"
        "small,tiny.png,clinical,,\n"
        "empty,empty.png,clinical,,\n"
        "gone,nowhere.png,clinical,,\n"
        "outside,../secret.png,clinical,,\n"
        "kind,a.png,x-ray,,\n"
        "old,a.png,clinical,430,\n"
        "torn,a.png,clinical,40,\n"
        "torn,b.jpg,dermoscopic,50,\n"
        "last,b.jpg,dermoscopic,20,false\n"
    )
    failed, lines = results(folder, rows, model, settings)
    assert failed == 8
    assert [line["case_id"] for line in lines if "error" not in line] == ["good", "last"]
    for line in lines:
        if "error" in line:
            assert str(folder) not in line["error"]
            assert "430" not in line["error"]
    assert "age" in next(line["error"] for line in lines if line["case_id"] == "old")


def test_rows_of_one_lesion_need_not_be_neighbours(folder):
    (folder / "cases.csv").write_text(HEAD + "L1,a.png,clinical,,\nL2,b.jpg,clinical,,\nL1,b.jpg,dermoscopic,,\n")
    assert [(case.case_id, len(case.rows)) for case in read_cases(folder / "cases.csv")] == [("L1", 2), ("L2", 1)]


def test_the_same_input_gives_the_same_bytes(folder, model, settings):
    results(folder, "L1,a.png,clinical,55,true\n", model, settings)
    first = (folder / "out.jsonl").read_bytes()
    results(folder, "L1,a.png,clinical,55,true\n", model, settings)
    assert (folder / "out.jsonl").read_bytes() == first


def test_a_missing_column_is_named(folder):
    (folder / "cases.csv").write_text("case_id,photo\nL1,a.png\n")
    with pytest.raises(CasesError, match="image_type"):
        list(read_cases(folder / "cases.csv"))


def test_a_table_that_is_none_is_one_sentence(folder):
    (folder / "cases.csv").write_bytes(b"\xff\xfe\x00" * 50)
    with pytest.raises(CasesError):
        list(read_cases(folder / "cases.csv"))
    with pytest.raises(CasesError):
        list(read_cases(folder / "missing.csv"))


def test_location_in_a_photo_reaches_no_line(folder, model, settings):
    exif = Image.Exif()
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.5)
    exif[0x010E] = "Jane Roe, born 1 May"
    (folder / "photos" / "gps.jpg").write_bytes(encoded(draw(1), "JPEG", exif=exif))
    _, lines = results(folder, "L1,gps.jpg,clinical,,\n", model, settings)
    text = json.dumps(lines)
    assert "error" not in lines[0]
    assert "Jane" not in text
    assert "29.5" not in text


def test_what_a_note_says_fires_rules_and_changes_no_probability(folder, model, settings):
    table = folder / "cases.csv"
    note = "Rash after starting lamotrigine 2 weeks ago, fever 39, mouth ulcers, painful skin."
    table.write_text(f'case_id,photo,image_type,notes\nL1,a.png,clinical,"{note}"\nL2,a.png,clinical,\n', encoding="utf-8")
    assert run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings) == 0
    with_note, without = (json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert with_note["urgency"] == "emergency"
    assert without["urgency"] != "emergency"
    assert with_note["probabilities"] == without["probabilities"]


def test_the_ledger_of_a_line_adds_up_to_its_probabilities(folder, model, settings):
    table = folder / "cases.csv"
    table.write_text(HEAD + "one,a.png,clinical,54,true\none,b.jpg,dermoscopic,54,true\n", encoding="utf-8")
    assert not run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings, with_ledger=True)
    line = json.loads((folder / "out.jsonl").read_text(encoding="utf-8"))
    account = line["ledger"]
    score = np.sum([term["mean"] for term in account["terms"]], axis=0)
    assert score == pytest.approx(account["score"], abs=1e-5)
    assert account["diagnoses"] == list(line["probabilities"]) == list(DIAGNOSES)
    assert np.exp(score) / np.exp(score).sum() == pytest.approx(list(line["probabilities"].values()), abs=1e-6)
    assert [term["name"] for term in account["terms"]][:3] == ["prior", "clinical", "image type"]


def test_without_the_option_a_line_has_no_ledger(folder, model, settings):
    _, (line,) = results(folder, "one,a.png,clinical,54,true\n", model, settings)
    assert "ledger" not in line
