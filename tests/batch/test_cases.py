"""Rows of photos, joined into lesions."""

import pytest

from derm_xai.records import ClinicalContext

HEAD = "case_id,photo,image_type,age,grew\n"


def test_rows_of_one_lesion_need_not_be_neighbours(cases):
    read = cases(HEAD + "L1,a.png,clinical,,\nL2,b.jpg,clinical,,\nL1,b.jpg,dermoscopic,,\n")
    assert [(case.case_id, len(case.rows)) for case in read] == [("L1", 2), ("L2", 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("45,true", "45.0,TRUE"), ("unknown,true", "45,yes"), (" ,1", "45, true "), ("45,", "UNK,true")],
)
def test_rows_that_mean_the_same_agree(cases, one, other):
    (case,) = cases(f"{HEAD}L1,a.png,clinical,{one}\nL1,b.jpg,dermoscopic,{other}\n")
    assert case.context() == ClinicalContext(age=45, grew=True)


@pytest.mark.parametrize(("first", "second"), [("true", "false"), ("false", "true")])
def test_where_rows_differ_a_yes_outweighs_a_no_in_either_order(cases, first, second):
    (case,) = cases(f"{HEAD}L1,a.png,clinical,,{first}\nL1,b.png,clinical,,{second}\n")
    assert case.readable().grew is True
