import pytest

from derm_xai.errors import ContextError
from derm_xai.notes.form import read_form
from derm_xai.records import ClinicalContext
from derm_xai.vocabulary import AnatomSite, Sex, Side


def test_texts_of_a_csv_row_are_read():
    context = read_form(
        {"age": "55.0", "sex": "MALE", "anatom_site": "lower extremity", "itch": "True", "grew": "False", "bleed": "UNK"}
    )
    assert context == ClinicalContext(age=55, sex=Sex.MALE, anatom_site=AnatomSite.LOWER_EXTREMITY, itch=True, grew=False)


@pytest.mark.parametrize(("no", "yes"), [("no", "yes"), ("0", "1"), ("0.0", "1.0"), ("False", "True"), (False, True)])
def test_every_way_to_say_no_and_yes(no, yes):
    assert read_form({"itch": no, "bleed": yes}) == ClinicalContext(itch=False, bleed=True)


@pytest.mark.parametrize("missing", ["", "  ", "UNK", "unknown", "not recorded", "nan", None])
def test_missing_is_not_recorded_rather_than_no(missing):
    assert read_form({"bleed": missing, "age": missing, "anatom_site": missing}) == ClinicalContext()


@pytest.mark.parametrize(
    ("word", "site"),
    [
        ("scalp", "head_neck_face"),
        ("NOSE", "head_neck_face"),
        ("abdomen", "trunk"),
        ("FOREARM", "upper_extremity"),
        ("head/neck", "head_neck_face"),
        ("posterior torso", "trunk"),
        ("thigh", "lower_extremity"),
        ("finger", "hand"),
        ("palm", "hand"),
        ("toe", "foot"),
        ("sole", "foot"),
        ("heel", "foot"),
        ("oral/genital", "genital"),
    ],
)
def test_site_words_of_the_public_sets(word, site):
    assert read_form({"anatom_site": word}).anatom_site == site


def test_side_and_duration():
    assert read_form({"side": "L"}).side is Side.LEFT
    assert read_form({"side": "Right", "duration_days": "21.0"}) == ClinicalContext(side=Side.RIGHT, duration_days=21)
    for answers in ({"side": "both"}, {"duration_days": "2.5"}, {"duration_days": "-1"}):
        with pytest.raises(ContextError):
            read_form(answers)


def test_a_site_where_delay_matters_is_kept():
    assert read_form({"anatom_site": "EAR"}).high_risk_site is True
    assert read_form({"anatom_site": "back"}).high_risk_site is None
    for answers in ({"high_risk_site": "no", "anatom_site": "ear"}, {"anatom_site": "ear", "high_risk_site": "no"}):
        assert read_form(answers).high_risk_site is False


@pytest.mark.parametrize("word", ["acral", "Palms/Soles"])
def test_a_word_for_palms_and_soles_is_kept_though_no_one_region_is_theirs(word):
    assert read_form({"anatom_site": word}) == ClinicalContext(acral_or_mucosal_site=True)
    assert read_form({"anatom_site": word, "acral_or_mucosal_site": "no"}).acral_or_mucosal_site is False


def test_a_duration_that_is_too_long_is_told_the_limit():
    assert read_form({"duration_days": 45_000}).duration_days == 45_000
    with pytest.raises(ContextError, match="45,000"):
        read_form({"duration_days": 45_001})


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"age": "430"}, "age"),
        ({"age": -1}, "age"),
        ({"age": "4x"}, "age"),
        ({"sex": "x"}, "sex"),
        ({"itch": "perhaps"}, "itch"),
        ({"anatom_site": "the moon"}, "anatom_site"),
        ({"skin_tone": 6}, "skin_tone"),
        ({"fitzpatrick": 0}, "fitzpatrick"),
    ],
)
def test_a_bad_answer_names_its_field_and_not_itself(answers, field):
    with pytest.raises(ContextError) as caught:
        read_form(answers)
    assert field in str(caught.value)
    assert "moon" not in str(caught.value)
    assert "430" not in str(caught.value)


def test_a_field_that_does_not_exist_is_refused_without_repeating_it():
    with pytest.raises(ContextError) as caught:
        read_form({"Mrs Smith": "1"})
    assert "Smith" not in str(caught.value)
