"""derm-xai assess | batch | read-notes | train | evaluate | serve."""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn, get_args

from derm_xai import __version__
from derm_xai.assess import assess
from derm_xai.batch.cases import Case, read_cases
from derm_xai.batch.run import run as run_batch
from derm_xai.classify.checkpoint import CARD, load_model
from derm_xai.errors import CasesError, ContextError, DataError, DermXaiError, PhotoError, SettingsError
from derm_xai.evaluate.card import model_card
from derm_xai.evaluate.figures import draw
from derm_xai.evaluate.records import EVALUATION
from derm_xai.evaluate.run import evaluate, write_cases
from derm_xai.notes.findings import FindingName
from derm_xai.notes.form import read_form, readable_form
from derm_xai.notes.prefill import told
from derm_xai.notes.reader import read_notes
from derm_xai.photo import distinct, photo_bytes, read_photo
from derm_xai.present.reasons import rows_of
from derm_xai.present.text import as_text, because
from derm_xai.present.words import URGENCY, photo_words
from derm_xai.records import LesionPhoto, Reason
from derm_xai.settings import MODELS, Settings, variable
from derm_xai.triage.advise import alarms
from derm_xai.triage.steps import next_steps
from derm_xai.vocabulary import DISCLAIMER, ImageType

APP = Path(__file__).resolve().parents[1] / "app.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something could not be assessed, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # an alarm may not fail on a letter that the terminal lacks
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        code = int(options.command(options, Settings()))
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # whoever read the output has closed it, as "| head" does
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        return 1
    except KeyboardInterrupt:
        return 130
    except DermXaiError as error:
        print(f"derm-xai: {error}", file=sys.stderr)
        return 2 if isinstance(error, CasesError | SettingsError) else 1


def _assess(options: argparse.Namespace, settings: Settings) -> int:
    answers = _answers(options.context, options.notes)
    try:
        context = read_form(answers)
        from_note = told(read_notes(context.notes))
        photos = _photos(options)
        model = load_model(settings.model_folder())
        assessment = assess(photos, context, model, settings, from_note=from_note)
    except DermXaiError:
        readable = readable_form(answers.items())
        _say_alarm(alarms(readable, told(read_notes(readable.notes))), options, settings)
        raise
    print(assessment.model_dump_json(indent=2) if options.json else as_text(assessment))
    return 0


def _say_alarm(reasons: Sequence[Reason], options: argparse.Namespace, settings: Settings) -> None:
    """Say what the notes alone ask for today, if anything: it waits for no photo."""
    if not reasons:
        return
    urgency = reasons[0].urgency
    lines = [DISCLAIMER, URGENCY[urgency].words, *because(rows_of(reasons))]
    lines += [f"  next     {step}" for step in next_steps(urgency, None, settings.pathway)]
    print("\n".join(lines), file=sys.stderr if options.json else sys.stdout, flush=True)


def _photos(options: argparse.Namespace) -> list[LesionPhoto]:
    given = {ImageType.CLINICAL: options.photo, ImageType.DERMOSCOPIC: options.dermoscopic}
    photos = [_photo(path, image_type) for image_type, path in given.items() if path]
    if not photos:
        raise CasesError("There is no photo to assess. Give PHOTO, --dermoscopic PHOTO, or both.")
    kept = distinct(photos)
    if len(kept) < len(photos):
        print("derm-xai: Both photos are the same picture, so it counts once. Give the other photo.", file=sys.stderr)
    return kept


def _photo(path: Path, image_type: ImageType) -> LesionPhoto:
    try:
        data = photo_bytes(path)
    except OSError:
        raise PhotoError(f"The {photo_words(image_type)} cannot be opened. Check the photo's file name.") from None
    return read_photo(data, image_type)


def _answers(file: Path | None, notes: str) -> dict[str, Any]:
    """Return the answers of the file, with its notes and those of the command line one after the other."""
    try:
        answers = json.loads(file.read_bytes(), object_pairs_hook=_once) if file else {}
    except (OSError, ValueError, RecursionError):
        raise ContextError('The context file cannot be read: it is a JSON object of fields, such as {"age": 54}.') from None
    if not isinstance(answers, dict):
        raise ContextError('The context file holds no JSON object of fields, such as {"age": 54}.')
    written = answers.get("notes")
    both = f"{written}\n{notes}" if isinstance(written, str) and notes else notes
    return {**answers, "notes": both} if both else answers


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = [name for name, _ in pairs]
    if len(set(named)) < len(named):
        raise ContextError("The context file names a field twice. Leave one of the two.")
    return dict(pairs)


def _batch(options: argparse.Namespace, settings: Settings) -> int:
    cases = list(read_cases(options.cases))
    model = load_model(settings.model_folder())
    try:
        _spare_inputs(options, cases)
        failed = run_batch(cases, options.photos, options.out, model, settings, options.masks, with_ledger=options.ledger)
    except OSError:
        # files that cannot be read are lines with an error by now
        raise CasesError("The results or masks cannot be written. Check --out, --masks and the space on the disk.") from None
    return 1 if failed else 0


def _spare_inputs(options: argparse.Namespace, cases: Iterable[Case]) -> None:
    inputs = (options.cases, *(file for case in cases for file in case.files(options.photos)))
    if options.out.exists() and any(map(options.out.samefile, inputs)):
        raise CasesError("The results would replace the table of cases or a photo. Give --out another name.")


def _read_notes(options: argparse.Namespace, _settings: Settings) -> int:
    found = read_notes(options.text).findings
    # every key of the JSON is a finding, so the disclaimer stands beside it
    print(DISCLAIMER, file=sys.stderr if options.json else sys.stdout)
    if options.json:
        promised = {each.name: each.model_dump(exclude={"name"}) for each in found if each.name in get_args(FindingName)}
        print(json.dumps(promised, indent=2, ensure_ascii=False))
        return 0
    for each in found:
        print(f"{each.name}: {each.value}    from: {' | '.join(span.text for span in each.spans)}")
    return 0


def _train(options: argparse.Namespace, settings: Settings) -> int:
    try:
        # here, since only training needs the train extra
        from derm_xai.train.recipes import RECIPES
        from derm_xai.train.run import train
    except ImportError:
        raise DataError("Training needs more packages. In the repository: pip install --editable '.[train]'") from None
    out = options.out or MODELS / options.id
    run = options.run or Path(".runs") / options.id
    train(options.data, options.pretrained, out, run, RECIPES, f"derm-xai train --data DIR --pretrained FILE --id {options.id}")
    return _write_evaluation(options.data, out, settings)


def _evaluate(options: argparse.Namespace, settings: Settings) -> int:
    if options.write_cases:
        print(f"{write_cases(options.data, options.write_cases)} cases written.")
        return 0
    return _write_evaluation(options.data, settings.model_folder(), settings, options.others, explained=options.explanations)


def _write_evaluation(data: Path, folder: Path, settings: Settings, others: Path | None = None, *, explained: int = 0) -> int:
    model = load_model(folder)
    evaluation = evaluate(data, model, settings, others=others, explained=explained)
    (folder / EVALUATION).write_text(evaluation.model_dump_json(indent=2) + "\n", encoding="utf-8")
    draw(evaluation, folder)
    (folder / CARD).write_text(model_card(model.manifest, evaluation), encoding="utf-8")
    print(model_card(model.manifest, evaluation))
    return 0


def _serve(options: argparse.Namespace, _settings: Settings) -> int:
    command = [sys.executable, "-m", "derm_xai.ui.serve", "run", str(APP), "--server.port", str(options.port)]
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0


class _Parser(argparse.ArgumentParser):
    """Words that were meant as a note may stand anywhere on the line: what is said of them repeats none."""

    def error(self, message: str) -> NoReturn:
        if message.startswith("unrecognized arguments"):
            unknown = re.findall(r"(?<!\S)--[a-z-]+", message)
            message = "There are more words than the command takes. Put text and names with spaces in quotes."
            message = f"{', '.join(unknown)} is not known." if unknown else message
        elif "invalid" in message:
            message = f"{message.split(':')[0]}: a value that it does not take."
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="derm-xai",
        description="Assess photos of skin lesions and show why. " + DISCLAIMER,
        epilog=f"Settings are read from {', '.join(map(variable, Settings.model_fields))}: see Configuration in the README.",
    )
    parser.add_argument("--version", action="version", version=f"derm-xai {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_assess(commands)
    _add_batch(commands)
    _add_read_notes(commands)
    _add_train(commands)
    _add_evaluate(commands)
    _add_serve(commands)
    return parser


def _add_assess(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("assess", help="assess one lesion", description=f"Assess one lesion. {DISCLAIMER}")
    parser.add_argument("photo", type=Path, nargs="?", metavar="PHOTO", help="a close-up photo (JPEG, PNG, WebP, HEIC, ...)")
    parser.add_argument("--dermoscopic", type=Path, metavar="PHOTO", help="a dermoscopic photo of the same lesion")
    parser.add_argument("--notes", default="", metavar="TEXT", help="free text; what is read in it fires rules, unscored")
    parser.add_argument("--context", type=Path, metavar="FILE.json", help='answers as JSON, such as {"age": 54, "grew": true}')
    parser.add_argument("--json", action="store_true", help="print the whole assessment as JSON")
    parser.set_defaults(command=_assess)


def _add_batch(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "batch",
        help="assess many lesions from a table",
        description="Assess a table of cases, one JSON line for each. Rows with one case_id are photos of one lesion. "
        + DISCLAIMER,
        epilog="Exit code: 0 when every case was assessed, 1 when some failed, 2 for wrong usage.",
    )
    parser.add_argument(
        "cases", type=Path, metavar="CASES.csv", help="columns case_id, photo, image_type, and optional answers"
    )
    parser.add_argument(
        "--photos", type=Path, required=True, metavar="DIR", help="the folder that the photo column names files in"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="RESULTS.jsonl", help="where to write the results")
    parser.add_argument(
        "--masks",
        type=Path,
        metavar="DIR",
        help="also write each photo's lesion mask to this folder, as PNG; no file is replaced",
    )
    parser.add_argument("--ledger", action="store_true", help="also write what each score is made of, to be added up")
    parser.set_defaults(command=_batch)


def _add_read_notes(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser("read-notes", help="read findings from a note", description=f"Read a note. {DISCLAIMER}")
    parser.add_argument("text", metavar="TEXT", help="the note, English or French, up to 20,000 characters")
    parser.add_argument("--json", action="store_true", help="print an object from finding to its value and spans")
    parser.set_defaults(command=_read_notes)


def _add_train(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "train",
        help="train a model from the public photo sets",
        description="Train, calibrate and evaluate a model. Started again with the same id it goes on where it stopped. "
        + DISCLAIMER,
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="MILK10k, HAM10000 and PAD-UFES-20, as published"
    )
    parser.add_argument("--pretrained", type=Path, required=True, metavar="FILE", help="ImageNet MobileNetV2 as safetensors")
    parser.add_argument("--id", required=True, help="the model's name, and its folder in models/")
    parser.add_argument("--out", type=Path, metavar="DIR", help="another folder to write the model to")
    parser.add_argument("--run", type=Path, metavar="DIR", help="log and checkpoints (default: .runs/ID)")
    parser.set_defaults(command=_train)


def _add_evaluate(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "evaluate",
        help="measure the model on the validation part",
        description="Measure the model on cases kept out of training; write evaluation.json, charts and the model card beside "
        "it, over those that are there. " + DISCLAIMER,
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the public photo sets")
    parser.add_argument("--others", type=Path, metavar="DIR", help="photos that show no lesion, for the novelty figures")
    parser.add_argument(
        "--explanations", type=int, default=0, metavar="N", help="also measure the explanations, on N cases (300 take long)"
    )
    parser.add_argument("--write-cases", type=Path, metavar="DIR", help="only write the validation cases for derm-xai batch")
    parser.set_defaults(command=_evaluate)


def _add_serve(commands: "argparse._SubParsersAction[_Parser]") -> None:
    parser = commands.add_parser(
        "serve", help="open the app in the browser", description=f"Serve the app on this machine. {DISCLAIMER}"
    )
    parser.add_argument("--port", type=int, default=8501)
    parser.set_defaults(command=_serve)
