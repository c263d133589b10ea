"""Lists, forms and short answers: what is denied is never read as present, and the answer of one item is not another's."""

from string import Formatter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derm_xai.notes.reader import read_notes

ENGLISH = {
    "bleeding": "bleeding", "itching": "itch", "pain": "pain", "oozing": "oozing", "crusting": "crust",
    "ulceration": "ulceration", "numbness": "altered_sensation", "fever": "fever", "inflammation": "inflammation",
    "change in colour": "change_in_colour", "change in size": "change_in_size", "change in shape": "change_in_shape",
}  # fmt: skip
FRENCH = {
    "saignement": "bleeding", "prurit": "itch", "douleur": "pain", "suintement": "oozing", "croûte": "crust",
    "ulcération": "ulceration", "fourmillements": "altered_sensation", "fièvre": "fever", "inflammation": "inflammation",
    "changement de couleur": "change_in_colour", "changement de taille": "change_in_size",
    "modification de forme": "change_in_shape",
}  # fmt: skip
ENGLISH_HISTORY = ["history of melanoma", "previous BCC", "immunosuppression", "rapid growth", "history of skin cancer"]
FRENCH_HISTORY = ["antécédent de mélanome", "CBC antérieur", "immunodépression", "croissance rapide", "cancer de la peau"]
# each with what is said of its items: p is present, a is absent
ENGLISH_LISTS = {
    "{}, {} and {}": "ppp", "Has {} and {} but no {}": "ppa", "{} and {}; denies {}": "ppa", "{} +, {} ++, {} -": "ppa",
    "{} present, {} absent, {} present": "pap", "No {}, but {} and {}": "app", "{}: yes. {}: no. {}: yes.": "pap",
    "{} yes, {} no, {} yes": "pap", "{} without {} or {}": "paa", "{} - yes, {} - no, {} - yes": "pap",
    "{}? yes {}? no {}? no": "paa", "+ {}, - {}, + {}": "pap", "{} (yes), {} (no), {} (no)": "paa",
    "No {} or {}. There is {}": "aap", "The lesion shows {} and {}. Patient denies {}.": "ppa",
    "Mole with {} for 3 months, {} since last week, no {}": "ppa", "Neither {} nor {}; however {}": "aap",
}  # fmt: skip
FRENCH_LISTS = {
    "{}, {} et {}": "ppp", "{} et {} mais pas de {}": "ppa", "{} +, {} ++, {} -": "ppa", "{} et {} signalés, {} nié": "ppa",
    "{} présent, {} absent, {} présent": "pap", "Pas de {}, mais {} et {}": "app", "{} : oui. {} : non. {} : oui.": "pap",
    "{} oui, {} non, {} oui": "pap", "{} sans {} ni {}": "paa", "{} - oui, {} - non, {} - oui": "pap",
    "+ {}, - {}, + {}": "pap", "{} (oui), {} (non), {} (non)": "paa", "Pas de {} ni {}. Il y a {}": "aap",
    "présence de {} et de {}, absence de {}": "ppa", "{} depuis 3 mois, {} depuis hier, pas de {}": "ppa",
    "Ni {} ni {}, en revanche {}": "aap", "pas de {}, {} ++": "ap",
}  # fmt: skip
DENIED = {
    "en": [
        "No {}, {} or {}.", "No {}/{}/{}", "Denies {}, {} and {}.", "Without {}, {} or {}", "Neither {} nor {}, nor {}",
        "Nil {}, {}, {}", "{}, {} and {} all denied", "{}/{}/{} - nil", "{}, {} and {} are absent",
        "Negative for {}, {} and {}", "Free of {}, {} and {}",
        "{}? No. {}? No. {}? No", "No {} or {} noted. {} absent.", "{}, {}, {}: all negative",
        "No sign of {}, {} or {}", "Mole on back, no {} or {}, and no {} either", "Has not noticed any {}, {}, {}",
    ],
    "fr": [
        "Pas de {}, {} ni {}.", "Ni {}, ni {}, ni {}", "Sans {}, {} ou {}", "Aucun {}, {}, {}", "{}, {} et {} niés",
        "Absence de {}, de {} et de {}", "{}/{}/{} : néant", "Ne rapporte ni {} ni {} ni {}", "{}, {} et {} absents",
        "Lésion stable, pas de {} ou de {}, pas non plus de {}", "0 {}, 0 {}, 0 {}", "{} -, {} -, {} -",
        "n'a jamais eu de {}, {} ou {}", "indemne de {}, {} et {}", "On ne retrouve pas de {}, {} ni {}", "{}, {}, {} : non",
    ],
}  # fmt: skip
JOINTS = [": ", " : ", " - ", " – ", " = ", ", ", " ... ", "? ", " (", "; ", " -> ", " → ", " / ", ": - "]
NO = {
    "en": ["no", "none", "nil", "never", "denied", "absent", "negative", "not present", "nil of note", "none known", "nothing"],
    "fr": ["non", "aucun", "néant", "absent", "jamais", "négatif", "nié", "rien", "ras", "non retrouvé", "pas signalé", "0"],
}
YES = {
    "en": ["yes", "present", "positive", "+", "yes since March"],
    "fr": ["oui", "présent", "++", "positif", "oui depuis mars"],
}
WORDS = {"en": ENGLISH, "fr": FRENCH}
HISTORY = {"en": ENGLISH_HISTORY, "fr": FRENCH_HISTORY}
MEANING = {"p": "present", "a": "absent"}

many = settings(max_examples=300, suppress_health_check=list(HealthCheck), deadline=None)
languages = pytest.mark.parametrize("language", ["en", "fr"])


def draw_items(data, words, template):
    count = sum(field is not None for _, field, _, _ in Formatter().parse(template))
    return data.draw(st.lists(st.sampled_from(list(words)), min_size=count, max_size=count, unique_by=lambda each: words[each]))


def sentence(template, items):
    text = template.format(*items)
    return text[0].upper() + text[1:]


@pytest.mark.parametrize("lists", [ENGLISH_LISTS, FRENCH_LISTS], ids=["en", "fr"])
@many
@given(data=st.data())
def test_each_item_of_a_list_keeps_its_own_answer(lists, data):
    words = ENGLISH if lists is ENGLISH_LISTS else FRENCH
    template = data.draw(st.sampled_from(list(lists)))
    items = draw_items(data, words, template)
    text = sentence(template, items)
    read = read_notes(text).values()
    assert [read.get(words[item]) for item in items] == [MEANING[each] for each in lists[template]], text


@languages
@many
@given(data=st.data())
def test_nothing_in_a_denied_list_is_present(language, data):
    words = {**WORDS[language], **{each: each for each in HISTORY[language]}}
    template = data.draw(st.sampled_from(DENIED[language]))
    text = sentence(template, draw_items(data, words, template))
    assert "present" not in read_notes(text).values().values(), text


def answered(data, language, answers):
    label = data.draw(st.sampled_from([*WORDS[language], *HISTORY[language]])).capitalize()
    joint, answer = data.draw(st.sampled_from(JOINTS)), data.draw(st.sampled_from(answers[language]))
    return f"{label}{joint}{answer}{')' if joint == ' (' else ''}"


@languages
@many
@given(data=st.data())
def test_a_label_answered_with_no_is_not_present(language, data):
    text = answered(data, language, NO)
    assert "present" not in read_notes(text).values().values(), text


@languages
@many
@given(data=st.data())
def test_a_label_answered_with_yes_is_not_absent(language, data):
    text = answered(data, language, YES)
    assert "absent" not in read_notes(text).values().values(), text


NOT_TOLD = {
    "en": [
        "Return if {} or {}", "Advised to come back if {}", "Safety net: {}, {}", "Watch for {} and {}", "Monitor for {}",
        "If {} develops, call", "Should there be {}, return", "In the event of {}, call", "{}? not asked", "{} not assessed",
        "Ask about {} next time", "Unable to comment on {}", "Risk of {} after biopsy explained", "Husband has {}",
        "Her scar has {}", "Other mole with {}",
    ],
    "fr": [
        "Reconsulter si {} ou {}", "Revenir en cas de {}", "Consignes : {}, {}", "Surveiller {} et {}", "Si {}, appeler",
        "{} non recherché", "{} à rechercher", "Demander {} la prochaine fois", "Risque de {} après biopsie expliqué",
        "Son mari a un {}", "La cicatrice présente {}", "Autre nævus avec {}", "Prévenir si {}",
    ],
}  # fmt: skip


@languages
@many
@given(data=st.data())
def test_a_plan_a_question_or_another_ones_lesion_is_no_finding(language, data):
    template = data.draw(st.sampled_from(NOT_TOLD[language]))
    text = sentence(template, draw_items(data, WORDS[language], template))
    assert "present" not in read_notes(text).values().values(), text
