"""What triage says apart from the rules: why it abstains, where voices conflict, and why it does not reassure."""

from derm_xai.triage.language import Text

RETAKE = "{image_type} photo: {why}"

NOVEL = Text(
    en="The photo is unlike the photos that the model was trained on, so its probabilities are not used.",
    fr="La photo ne ressemble pas à celles de l'entraînement du modèle : ses probabilités ne sont pas utilisées.",
)
TOO_UNCERTAIN = Text(
    en="The model is too uncertain between diagnoses to be relied on for this case.",
    fr="Le modèle hésite trop entre les diagnostics pour que l'on s'y fie dans ce cas.",
)
FORM_AGAINST_NOTE = Text(
    en="The form says no to a sign that the words of the note state; it counts as present. Have a person look.",
    fr="Le formulaire répond non à un signe que la note mentionne ; il compte comme présent. À faire voir.",
)
RULES_AGAINST_MODEL = Text(
    en="The written rules ask for a suspected-cancer referral while the model is calm: the rule stands.",
    fr="Les règles écrites imposent un adressage pour suspicion de cancer alors que le modèle est rassurant : la règle prime.",
)
NOTES_LOWER_PHOTO = Text(
    en="From the photo alone the model would suspect a malignancy; the notes lower it. Have a person look.",
    fr="D'après la photo seule, le modèle suspecterait une tumeur maligne ; les notes l'abaissent. À faire voir.",
)
NOTES_ABOVE_PHOTO = Text(
    en="From the notes alone the model would suspect a malignancy; the photo lowers it. Have a person look.",
    fr="D'après les notes seules, le modèle suspecterait une tumeur maligne ; la photo l'abaisse. À faire voir.",
)
PHOTOS_APART = Text(
    en="Close-up and dermoscopic photo disagree: one alone leads with a malignancy, the other does not. Have a person look.",
    fr="La photo rapprochée et la photo dermoscopique divergent : l'une seule place une tumeur maligne en tête. À faire voir.",
)
TONE_NOT_RECORDED = Text(
    en="No reassurance: the skin tone is not recorded, and the model is not tested enough on every tone.",
    fr="Pas de réassurance : la couleur de peau n'est pas renseignée, et le modèle n'est pas assez testé sur toutes.",
)
TONE_NOT_TESTED = Text(
    en="No reassurance: the model was tested on fewer than 30 cases of this skin tone.",
    fr="Pas de réassurance : le modèle a été testé sur moins de 30 cas de cette couleur de peau.",
)
NOT_ASKED = Text(
    en="No reassurance: growth, change in shape or colour, and bleeding are not all recorded; not recorded is not no.",
    fr="Pas de réassurance : croissance, changement de forme ou de couleur et saignement ne sont pas tous renseignés ; "
    "non renseigné n'est pas non.",
)
SOMETHING_RECORDED = Text(
    en="No reassurance: a sign or a risk is recorded, though no rule asks for more.",
    fr="Pas de réassurance : un signe ou un risque est noté, même si aucune règle n'impose davantage.",
)
SET_HOLDS_MALIGNANT = Text(
    en="No reassurance: a malignancy is in the 95 % prediction set.",
    fr="Pas de réassurance : une tumeur maligne figure dans l'ensemble de prédiction à 95 %.",
)
MELANOMA_POSSIBLE = Text(
    en="No reassurance: the probability of melanoma is at or above the model's operating point for melanoma.",
    fr="Pas de réassurance : la probabilité de mélanome atteint le seuil du modèle pour le mélanome.",
)
SET_HOLDS_PRECURSOR = Text(
    en="No reassurance: actinic keratosis or intraepidermal carcinoma, a precursor, is in the 95 % prediction set.",
    fr="Pas de réassurance : une kératose actinique ou un carcinome in situ figure dans l'ensemble de prédiction à 95 %.",
)
PHOTO_NOT_GOOD = Text(en="No reassurance: a photo is not good enough.", fr="Pas de réassurance : une photo est insuffisante.")
UNCERTAIN = Text(en="No reassurance: the system abstains.", fr="Pas de réassurance : le système s'abstient.")

TEXTS = tuple(text for text in list(globals().values()) if isinstance(text, Text))
