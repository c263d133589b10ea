import pytest

from derm_xai.classify.predict import collect
from derm_xai.explain.ledger import ledger
from derm_xai.explain.notes_shap import notes_shap
from derm_xai.records import ClinicalContext


def test_shap_is_the_ledgers_notes_terms(model, clinical):
    context = ClinicalContext(age=71, sex="female", bleed=True, elevation=False, fitzpatrick=2)
    evidence = collect([clinical], context, model, samples=2, seed=0)
    terms = {term.name: term for term in ledger(evidence, context).terms if term.source == "notes"}
    values = notes_shap(context, model.network, evidence.temperature)
    assert [each.field for each in values] == ["age", "sex", "fitzpatrick", "bleed", "elevation"]
    for each in values:
        assert each.level == terms[each.field].level
        assert each.values == pytest.approx(terms[each.field].mean, abs=1e-5)


def test_nothing_recorded_has_no_values(model):
    assert notes_shap(ClinicalContext(), model.network, 1.0) == ()
