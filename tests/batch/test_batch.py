import json
from pathlib import Path

import pytest
from PIL import Image

from derm_xai.batch.cases import read_cases
from derm_xai.batch.run import run
from derm_xai.errors import CasesError
from derm_xai.vocabulary import DIAGNOSES, DISCLAIMER
from tests.conftest import draw, encoded

HEAD = "case_id,photo,image_type,age,grew\n"


@pytest.fixture
def folder(tmp_path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.png").write_bytes(encoded(draw(1)))
    (photos / "b.jpg").write_bytes(encoded(draw(2), "JPEG", quality=95))
    (photos / "tiny.png").write_bytes(encoded(draw(1, 8, 8)))
    (photos / "not.png").write_text("hello")
    (photos / "empty.png").write_bytes(b"")
    (tmp_path / "secret.png").write_bytes(encoded(draw(3)))
    return tmp_path


def results(folder, rows, model, settings):
    table = folder / "cases.csv"
    table.write_text(HEAD + rows, encoding="utf-8")
    failed = run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings)
    return failed, [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_what_the_contract_asks(folder, model, settings):
    failed, (line,) = results(folder, "L1,a.png,clinical,55,true\nL1,b.jpg,dermoscopic,,\n", model, settings)
    assert failed == 0
    for voice in ("probabilities", "probabilities_photo", "probabilities_notes"):
        assert list(line[voice]) == list(DIAGNOSES)
        assert sum(line[voice].values()) == pytest.approx(1)
    assert {"case_id", "malignancy", "prediction_set", "predictive_entropy", "mutual_information"} <= set(line)
    assert {"urgency", "reasons", "abstained", "model_id"} <= set(line)
    assert {"score", "flagged"} <= set(line["novelty"])
    assert {"ok", "reasons"} <= set(line["quality"])
    assert line["disclaimer"] == DISCLAIMER


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
