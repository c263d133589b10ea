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
from derm_xai.synthetic_mark import mark_synthetic
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
    (photos / "loop.png").symlink_to("loop.png")
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
    made = {"app_version", "app_sha256", "model_id", "weights_sha256", "settings_sha256", "seed", "samples"}
    assert set(line["provenance"]) == made
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
    prediction, triage = judged.prediction, judged.triage
    for voice in ("photo", "notes"):
        said = {each.diagnosis: getattr(each, f"probability_{voice}") for each in prediction.differentials}
        assert line[f"probabilities_{voice}"] == said
    assert line["probabilities"] == {each.diagnosis: each.probability.value for each in prediction.differentials}
    assert line["malignancy"] == prediction.malignancy.value
    assert line["malignancy_interval"] == [prediction.malignancy.low, prediction.malignancy.high]
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
    assert line["urgency"] == triage.urgency
    assert line["reasons"] == [reason.rule_id for reason in triage.reasons]
    assert (line["abstained"], line["conflicts"]) == (triage.abstained, list(triage.conflicts))
    assert line["abstained_because"] == list(triage.abstained_because)
    assert line["not_reassured_because"] == list(triage.not_reassured_because)


def test_one_poor_photo_and_one_drawn_photo_mark_the_whole_line(folder, model, settings):
    (folder / "photos" / "dull.png").write_bytes(encoded(np.full((192, 256, 3), 128, np.uint8)))
    (folder / "photos" / "drawn.png").write_bytes(encoded(mark_synthetic(draw(3))))
    rows = "".join(
        f"{case},b.jpg,clinical,,\n{case},{other},dermoscopic,,\n" for case, other in (("L1", "dull.png"), ("L2", "drawn.png"))
    )
    _, (dull, drawn) = results(folder, rows, model, settings)
    assert (dull["quality"]["ok"], dull["abstained"], dull["synthetic"]) == (False, True, False)
    assert (drawn["quality"]["ok"], drawn["synthetic"]) == (True, True)


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


def test_masks_stand_in_the_folders_of_their_photos(folder, model, settings):
    for name in ("one", "two"):
        (folder / "photos" / name).mkdir()
        (folder / "photos" / name / "1.png").write_bytes(encoded(draw(1)))
    rows = f"A,one/1.png,clinical,,\nB,one/../two/1.png,clinical,,\nC,{folder / 'photos' / 'a.png'},clinical,,\n"
    failed, _ = results(folder, rows, model, settings, folder / "masks")
    assert failed == 0
    assert sorted(str(path.relative_to(folder / "masks")) for path in (folder / "masks").rglob("*.png")) == [
        "a.png",
        "one/1.png",
        "two/1.png",
    ]


def test_a_mask_replaces_no_other_photos_mask_and_costs_no_case(folder, model, settings, capsys):
    (folder / "photos" / "a.jpg").write_bytes(encoded(draw(2), "JPEG"))
    rows = "A,a.png,clinical,,\nB,a.jpg,clinical,,\nA again,a.png,clinical,,\n"
    failed, lines = results(folder, rows, model, settings, folder / "masks")
    assert failed == 1
    assert all("urgency" in line and "error" not in line for line in lines)
    assert "Masks that could not be written: 1." in capsys.readouterr().err
    with Image.open(folder / "masks" / "a.png") as mask:
        assert mask.size == (251, 181)


def test_a_mask_that_the_disk_refuses_costs_no_case(folder, model, settings, capsys):
    # as long as names may be; with its ending the mask's is longer
    name = "b" * 255
    (folder / "photos" / name).write_bytes(encoded(draw(1)))
    failed, (line,) = results(folder, f"L1,{name},clinical,,\n", model, settings, folder / "masks")
    assert failed == 1
    assert "urgency" in line
    said = capsys.readouterr().err
    assert "Masks that could not be written: 1." in said
    assert "bbb" not in said


def test_a_mask_replaces_no_file_that_is_there(folder, model, settings, capsys):
    (folder / "masks").mkdir()
    (folder / "masks" / "a.png").write_bytes(b"mine")
    failed, (line,) = results(folder, "L1,a.png,clinical,,\n", model, settings, folder / "masks")
    assert failed == 1
    assert "error" not in line
    assert (folder / "masks" / "a.png").read_bytes() == b"mine"
    assert "Masks that could not be written: 1." in capsys.readouterr().err


def test_a_bad_case_costs_only_itself(folder, model, settings, capsys):
    note = "Mrs Roe, a dark patch on the back that has been growing. " * 10
    rows = (
        "good,a.png,clinical,,\n"
        "text,not.png,clinical,,\n"
        "small,tiny.png,clinical,,\n"
        "empty,empty.png,clinical,,\n"
        "gone,nowhere.png,clinical,,\n"
        "outside,../secret.png,clinical,,\n"
        f'shifted,"{note}",clinical,,\n'
        "nul,Roe\0.png,clinical,,\n"
        "loop,loop.png,clinical,,\n"
        "kind,a.png,x-ray,,\n"
        "old,a.png,clinical,430,\n"
        "torn,a.png,clinical,40,\n"
        "torn,b.jpg,dermoscopic,50,\n"
        "last,b.jpg,dermoscopic,20,false\n"
    )
    failed, lines = results(folder, rows, model, settings)
    assert failed == 11
    assert [line["case_id"] for line in lines if "error" not in line] == ["good", "last"]
    for line in lines:
        if "error" in line:
            assert str(folder) not in line["error"]
            assert "430" not in line["error"]
            assert "Roe" not in line["error"]
    assert "Roe" not in capsys.readouterr().err
    assert "age" in next(line["error"] for line in lines if line["case_id"] == "old")


def test_rows_without_an_id_are_refused_one_by_one_and_join_no_lesion(folder, model, settings):
    rows = ",a.png,clinical,,\nL1,a.png,clinical,,\n,b.jpg,clinical,,\n  ,b.jpg,clinical,,\n  ,a.png,clinical,,\n"
    failed, lines = results(folder, rows, model, settings)
    assert failed == 4
    assert [(line["case_id"], "case_id" in line.get("error", "")) for line in lines] == [
        ("", True),
        ("L1", False),
        ("", True),
        ("  ", True),
        ("  ", True),
    ]


def test_the_same_input_gives_the_same_bytes(folder, model, settings):
    results(folder, "L1,a.png,clinical,55,true\n", model, settings)
    first = (folder / "out.jsonl").read_bytes()
    results(folder, "L1,a.png,clinical,55,true\n", model, settings)
    assert (folder / "out.jsonl").read_bytes() == first


def test_text_beyond_the_columns_is_an_error_of_its_case(folder, model, settings):
    rows = "cut,a.png,clinical,55,true, since Roe fell\nempty,a.png,clinical,55,true,,\n"
    failed, (cut, empty) = results(folder, rows, model, settings)
    assert failed == 1
    assert "Quote text that holds commas." in cut["error"]
    assert "Roe" not in cut["error"]
    assert "error" not in empty


def test_a_cell_too_long_is_an_error_of_its_case(folder, model, settings):
    table = folder / "cases.csv"
    long = "a" * 200_000
    table.write_text(f"case_id,photo,image_type,notes\nlong,a.png,clinical,{long}\ngood,a.png,clinical,\n", encoding="utf-8")
    assert run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings) == 1
    first, second = map(json.loads, (folder / "out.jsonl").read_text(encoding="utf-8").splitlines())
    assert "notes" in first["error"]
    assert "error" not in second


def test_a_picture_that_comes_twice_counts_once(folder, model, settings):
    (folder / "photos" / "copy.png").write_bytes((folder / "photos" / "a.png").read_bytes())
    alone = "L1,a.png,clinical,,\n"
    _, (once,) = results(folder, alone, model, settings)
    failed, (twice,) = results(
        folder, f"{alone}L1,a.png,dermoscopic,,\nL1,copy.png,clinical,,\n", model, settings, folder / "masks"
    )
    assert failed == 0
    assert twice == once
    assert [path.name for path in (folder / "masks").iterdir()] == ["a.png"]


def test_without_a_photos_folder_nothing_is_written(folder, model, settings):
    (folder / "cases.csv").write_text(f"{HEAD}L1,a.png,clinical,,\n", encoding="utf-8")
    with pytest.raises(CasesError, match="--photos"):
        run(read_cases(folder / "cases.csv"), folder / "none", folder / "out.jsonl", model, settings)
    assert not (folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    "row",
    [
        "not.png,clinical,,true,true,",
        "nowhere.png,clinical,,true,true,",
        "a.png,clinical,eighty,true,true,",
        "a.png,x-ray,,,,Non-blanching rash with fever 39.",
        "a.png,clinical,eighty,true,true,,surplus",
        "a.png,clinical,,,,Rash since yesterday, does not blanch, fever 39",
        "a.png,clinical,,true,true,\nL1,a.png,clinical,,false,,",
        "a.png,clinical,,,,Itching.\nL1,b.jpg,clinical,,,,Non-blanching rash with fever 39.",
    ],
)
def test_an_alarm_in_the_notes_outlives_what_cannot_be_read(folder, model, settings, row):
    table = folder / "cases.csv"
    table.write_text(f"case_id,photo,image_type,age,fever,non_blanching,notes\nL1,{row}\n", encoding="utf-8")
    assert run(read_cases(table), folder / "photos", folder / "out.jsonl", model, settings) == 1
    line = json.loads((folder / "out.jsonl").read_text(encoding="utf-8"))
    assert line["error"]
    assert line["urgency"] == "emergency"
    assert "E3" in line["reasons"]


def test_without_an_alarm_an_error_says_no_urgency(folder, model, settings):
    _, (line,) = results(folder, "L1,not.png,clinical,55,true\n", model, settings)
    assert set(line) == {"case_id", "error", "disclaimer"}


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
