import json
import os
import shutil
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
from PIL import Image

from derm_xai import cli
from derm_xai.cli import main
from derm_xai.evaluate.records import Evaluation
from derm_xai.evaluate.run import evaluate
from derm_xai.vocabulary import DISCLAIMER
from tests.conftest import draw, encoded
from tests.datasets import published


@pytest.fixture(autouse=True)
def toy_model(monkeypatch, model_folder):
    monkeypatch.setenv("DERM_XAI_MODEL", str(model_folder))
    monkeypatch.setenv("DERM_XAI_SAMPLES", "3")


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "lesion.png"
    path.write_bytes(encoded(draw(1)))
    return path


def test_assess_prints_what_to_do_and_why(photo, capsys):
    assert main(["assess", str(photo)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(DISCLAIMER)
    assert "because" in shown
    assert "Next steps" in shown


def test_assess_as_json_holds_both_photos_the_context_and_the_notes(photo, tmp_path, capsys):
    (tmp_path / "context.json").write_text('{"age": 61, "sex": "female", "grew": true}')
    (tmp_path / "closer.png").write_bytes(encoded(draw(2)))
    arguments = [
        "assess",
        str(photo),
        "--dermoscopic",
        str(tmp_path / "closer.png"),
        "--context",
        str(tmp_path / "context.json"),
        "--notes",
        "Dunkel. Started allopurinol 3 weeks ago, widespread rash, mouth ulcers, fever 39.",
        "--json",
    ]
    assert main(arguments) == 0
    assessment = json.loads(capsys.readouterr().out)
    assert [each["image_type"] for each in assessment["photos"]] == ["clinical", "dermoscopic"]
    assert assessment["context"]["age"] == 61
    assert assessment["context"]["notes"].startswith("Dunkel.")
    # what is read in the text fires rules, emergencies first; nothing of it is scored or taken as confirmed
    assert assessment["triage"]["urgency"] == "emergency"
    assert {fact["origin"] for fact in assessment["triage"]["reasons"][0]["facts"]} == {"note"}
    assert assessment["context"]["fever"] is None
    assert assessment["disclaimer"] == DISCLAIMER


def test_one_picture_given_as_both_photos_counts_once(photo, capsys):
    main(["assess", str(photo), "--json"])
    alone = json.loads(capsys.readouterr().out)
    assert main(["assess", str(photo), "--dermoscopic", str(photo), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == alone
    assert "same picture" in told.err


def test_the_same_input_gives_the_same_bytes(photo, capsys):
    outputs = []
    for _ in range(2):
        main(["assess", str(photo), "--json"])
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]


def test_a_dermoscopic_photo_alone_is_enough(photo, capsys):
    assert main(["assess", "--dermoscopic", str(photo), "--json"]) == 0
    assert [each["image_type"] for each in json.loads(capsys.readouterr().out)["photos"]] == ["dermoscopic"]


@pytest.mark.parametrize(
    ("content", "context", "names"),
    [
        (b"not a photo", "{}", "photo"),
        (None, "{}", "photo"),
        (encoded(draw(1)), '{"age": 430}', "age"),
        (encoded(draw(1)), "[", "JSON"),
        (encoded(draw(1)), "[" * 100_000, "JSON"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_one(tmp_path, capsys, content, context, names):
    path = tmp_path / "Smith_Mary.jpg"
    if content is not None:
        path.write_bytes(content)
    (tmp_path / "c.json").write_text(context)
    assert main(["assess", str(path), "--context", str(tmp_path / "c.json")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert names in said.err
    assert "Smith" not in said.err
    assert "Traceback" not in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize(("options", "where"), [([], "out"), (["--json"], "err")])
def test_an_alarm_is_said_although_the_photo_cannot_be_read(tmp_path, capsys, options, where):
    (tmp_path / "cut.jpg").write_bytes(encoded(draw(1), "JPEG")[:2000])
    assert main(["assess", str(tmp_path / "cut.jpg"), "--notes", "Non-blanching rash and fever 39.", *options]) == 1
    said = capsys.readouterr()
    alarm = getattr(said, where)
    assert alarm.startswith(DISCLAIMER)
    assert "Emergency" in alarm
    assert "because  E3" in alarm
    assert said.err.splitlines()[-1].startswith("derm-xai: The photo is damaged")
    assert not (options and said.out)


def test_notes_of_the_file_and_of_the_command_line_are_both_read(tmp_path, capsys):
    (tmp_path / "context.json").write_text('{"notes": "Fever, non-blanching rash."}')
    main(["assess", str(tmp_path / "none.png"), "--context", str(tmp_path / "context.json"), "--notes", "Left arm."])
    assert "E3" in capsys.readouterr().out


def test_an_answer_that_cannot_be_read_takes_no_alarm_along(tmp_path, photo, capsys):
    (tmp_path / "context.json").write_text('{"fever": true, "non_blanching": true, "age": "54 years"}')
    assert main(["assess", str(photo), "--context", str(tmp_path / "context.json")]) == 1
    told = capsys.readouterr()
    assert "E3" in told.out
    assert "age" in told.err


def test_a_field_named_twice_is_refused(tmp_path, photo, capsys):
    (tmp_path / "context.json").write_text('{"fever": true, "fever": false}')
    assert main(["assess", str(photo), "--context", str(tmp_path / "context.json")]) == 1
    assert "twice" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["read-notes", "Jane", "Doe"], ["assess", "x.png", "--notes", "Jane", "Doe"], ["serve", "--port", "Jane"], ["Jane"]],
)
def test_wrong_usage_repeats_no_words(words, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(words)
    assert exit_.value.code == 2
    told = capsys.readouterr()
    assert "Jane" not in told.out + told.err
    assert "Doe" not in told.out + told.err


def test_assess_without_a_photo_is_exit_code_two_and_still_an_alarm(tmp_path, capsys):
    assert main(["assess", "--notes", "Itching."]) == 2
    quiet = capsys.readouterr()
    assert quiet.out == ""
    assert "--dermoscopic" in quiet.err
    assert main(["assess", "--notes", "Non-blanching rash and fever 39."]) == 2
    assert "Emergency" in capsys.readouterr().out


def test_batch_exit_codes(photo, tmp_path, capsys):
    table = tmp_path / "cases.csv"
    arguments = ["batch", str(table), "--photos", str(tmp_path), "--out", str(tmp_path / "out.jsonl")]
    table.write_text("case_id,photo,image_type\nL1,lesion.png,clinical\n")
    assert main(arguments) == 0
    table.write_text("case_id,photo,image_type\nL1,lesion.png,clinical\nL2,none.png,clinical\n")
    assert main(arguments) == 1
    table.write_text("case_id,photo\nL1,lesion.png\n")
    assert main(arguments) == 2
    assert "image_type" in capsys.readouterr().err


@pytest.mark.parametrize("where", [["--out", "Roe/out.jsonl"], ["--out", "Roe.txt", "--masks", "lesion.png"]])
def test_results_that_cannot_be_written_are_one_sentence_and_exit_code_two(photo, tmp_path, monkeypatch, capsys, where):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.csv").write_text("case_id,photo,image_type\nL1,lesion.png,clinical\n")
    assert main(["batch", "cases.csv", "--photos", str(tmp_path), *where]) == 2
    said = capsys.readouterr().err
    assert "--out" in said
    assert "Roe" not in said
    assert "lesion.png" not in said


@pytest.mark.parametrize("taken", ["cases.csv", "lesion.png", "linked.jsonl"])
def test_results_replace_neither_the_table_nor_a_photo(photo, tmp_path, capsys, taken):
    (tmp_path / "cases.csv").write_text("case_id,photo,image_type\nL1,none.png,clinical\nL2,lesion.png,clinical\n")
    (tmp_path / "linked.jsonl").symlink_to(photo)
    before = (tmp_path / taken).read_bytes()
    arguments = ["batch", str(tmp_path / "cases.csv"), "--photos", str(tmp_path), "--out", str(tmp_path / taken)]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "--out" in said
    assert "lesion" not in said
    assert (tmp_path / taken).read_bytes() == before


def test_batch_without_its_photos_folder_is_exit_code_two(tmp_path, capsys):
    (tmp_path / "cases.csv").write_text("case_id,photo,image_type\nL1,lesion.png,clinical\n")
    arguments = ["batch", str(tmp_path / "cases.csv"), "--photos", str(tmp_path / "Roe"), "--out", str(tmp_path / "out.jsonl")]
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert "--photos" in said
    assert "Roe" not in said


def test_batch_writes_masks_where_asked(photo, tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("case_id,photo,image_type\nL1,lesion.png,clinical\n")
    arguments = ["batch", str(table), "--photos", str(tmp_path), "--out", str(tmp_path / "out.jsonl")]
    assert main([*arguments, "--masks", str(tmp_path / "masks")]) == 0
    with Image.open(tmp_path / "masks" / "lesion.png") as mask:
        assert mask.size == (256, 192)


@pytest.fixture
def own_model(tmp_path, monkeypatch, model_folder):
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    monkeypatch.setenv("DERM_XAI_MODEL", str(folder))
    monkeypatch.setattr(cli, "evaluate", partial(evaluate, resamples=3))
    return folder


def test_evaluate_takes_other_photos_and_writes_beside_the_model(own_model, tmp_path, capsys):
    data, others = tmp_path / "data", tmp_path / "others"
    published.ham10000(data, 30)
    others.mkdir()
    for seed in range(2):
        noise = np.random.default_rng(seed).integers(0, 256, (96, 96, 3), dtype=np.uint8)
        (others / f"{seed}.png").write_bytes(encoded(noise))
    assert main(["evaluate", "--data", str(data), "--others", str(others)]) == 0
    evaluation = Evaluation.model_validate_json((own_model / "evaluation.json").read_bytes())
    assert evaluation.not_lesions.described.startswith("2 photos of other things")
    assert "ensemble, entropy" in {each.score for each in evaluation.doubts}
    card = (own_model / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out == card + "\n"


@pytest.mark.parametrize("what", ["--epochs", "--seed"])
def test_training_is_by_the_recipes_alone(what, tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["train", "--data", str(tmp_path), "--pretrained", str(tmp_path / "w"), "--id", "x", what, "1"])
    assert caught.value.code == 2
    assert what in capsys.readouterr().err


def test_output_that_nobody_reads_any_more_is_no_stack_trace():
    """As "| head" does it: the reader closes its end at once."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-c", "from derm_xai.cli import main; raise SystemExit(main(['read-notes', 'It itches.']))"]
    told = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)  # noqa: S603
    os.close(writer)
    assert (told.returncode, told.stderr) == (1, b"")


def test_wrong_usage_is_exit_code_two(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["batch"])
    assert caught.value.code == 2
    assert "CASES.csv" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["assess", "batch", "train", "evaluate", "serve"])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert len(capsys.readouterr().out) > 200


def test_help_names_every_setting(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    for name in ("MODEL", "SAMPLES", "SEED", "PATHWAY", "BLIND_FIRST"):
        assert f"DERM_XAI_{name}" in shown


def test_a_wrong_setting_is_one_sentence_and_exit_code_two(monkeypatch, capsys):
    monkeypatch.setenv("DERM_XAI_SAMPLES", "a dozen")
    assert main(["read-notes", "Itching."]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert "DERM_XAI_SAMPLES" in said.err
    assert "dozen" not in said.err


def test_a_missing_model_says_what_to_do(photo, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DERM_XAI_MODEL", str(tmp_path / "none"))
    assert main(["assess", str(photo)]) == 1
    assert "model" in capsys.readouterr().err


def test_read_notes_shows_findings_with_their_words(capsys):
    assert main(["read-notes", "Denies itching. Nodule on the left ear."]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(DISCLAIMER)
    assert "itch: absent    from: itching" in shown
    assert "side: left    from: left" in shown


def test_read_notes_as_json_has_values_and_places(capsys):
    assert main(["read-notes", "--json", "Pas de prurit, bulles."]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {"itch": {"value": "absent", "spans": [{"start": 7, "end": 13, "text": "prurit"}]}}
    assert shown.err == DISCLAIMER + "\n"


def test_an_overlong_note_is_one_sentence_and_exit_code_one(capsys):
    assert main(["read-notes", "a" * 20_001]) == 1
    said = capsys.readouterr()
    assert "too long" in said.err
    assert said.out == ""
