"""The table as its writers leave it: what can be read is read, and nothing is lost unseen."""

import pytest

from derm_xai.batch.cases import read_cases
from derm_xai.errors import CasesError

FEVER = "case_id,photo,image_type,fever\nL1,a.png,clinical,true\n"


def refused(cases, text: str) -> str:
    with pytest.raises(CasesError) as caught:
        cases(text)
    return str(caught.value)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_a_spreadsheet_writes_is_read(cases, delimiter, end):
    text = f'{FEVER}\nL2,a.png,clinical,\n,,,\n  ,,,\nL3,"a.png",clinical\n'
    read = cases(text.replace(",", delimiter).replace("\n", end))
    assert [(case.case_id, case.context().fever) for case in read] == [("L1", True), ("L2", None), ("L3", None)]


def test_names_are_matched_whatever_their_case_and_spaces(cases, capsys):
    (case,) = cases(FEVER.replace("fever", " Fever ").replace("photo", "Photo"))
    assert case.context().fever is True
    assert case.rows[0]["photo"] == "a.png"
    assert capsys.readouterr().err == ""


def test_a_missing_column_is_named_with_what_stands_between_columns(cases):
    said = refused(cases, "case_id|photo|image_type\nL1|a.png|clinical\n")
    assert "no column image_type" in said
    assert "semicolons" in said
    assert "case_id" in refused(cases, "")


def test_a_name_that_stands_twice_is_refused(cases):
    assert "fever twice" in refused(cases, "case_id,photo,image_type,fever,Fever\nL1,a.png,clinical,true,\n")


def test_other_columns_are_named_once_and_their_cells_never(cases, capsys):
    cases("case_id,photo,image_type,photo_id,,Ward\nL1,a.png,clinical,7,,Roe\nL1,b.png,clinical,8,,Roe\n")
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert said.endswith("not read: photo_id, ward.\n")


@pytest.mark.parametrize(("name", "meant"), [("fevr", "fever"), ("note", "notes"), ("change_in_color", "change_in_colour")])
def test_a_misspelt_answer_is_refused_with_the_name_that_is_meant(cases, name, meant):
    said = refused(cases, f"case_id,photo,image_type,{name}\nL1,a.png,clinical,true\n")
    assert name in said
    assert f"Call it {meant}," in said


def test_a_name_like_one_that_is_there_is_another_column(cases):
    assert cases("case_id,photo,image_type,diameter_mm,diameter_2\nL1,a.png,clinical,7,5\n")[0].context().diameter_mm == 7


@pytest.mark.parametrize("notes", ['"Itching.\nL2,a.png,clinical,Roe\n', '"Itching.\nL2,a.png,clinical,"Roe"\n'])
def test_a_quote_that_is_not_closed_refuses_the_table(cases, notes):
    said = refused(cases, f"case_id,photo,image_type,notes\nL1,a.png,clinical,{notes}")
    assert "quotation mark" in said
    assert "Roe" not in said


def test_quotes_hold_commas_quotes_and_lines(cases):
    (case,) = cases('case_id,photo,image_type,notes\nL1,a.png,clinical,"Firm, ""hard"",\nitchy"\n')
    assert case.context().notes == 'Firm, "hard",\nitchy'


def test_a_table_that_is_none_is_one_sentence(tmp_path):
    (tmp_path / "cases.csv").write_bytes(b"\xff\xfe\x00" * 50)
    for name in ("cases.csv", "missing.csv"):
        with pytest.raises(CasesError, match="UTF-8"):
            list(read_cases(tmp_path / name))
