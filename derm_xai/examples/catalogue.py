"""The examples a reader can try: invented patients, drawn photos.

The seeds were picked by eye, and so that a model in training named what was meant: the examples show how a page reads,
not how good a model is.
"""

import numpy as np
from numpy.typing import NDArray

from derm_xai.examples.drawing import draw
from derm_xai.language import later
from derm_xai.records import ClinicalContext, Record
from derm_xai.synthetic_mark import mark_synthetic
from derm_xai.vocabulary import AnatomSite, Diagnosis, ImageType, Sex


class Example(Record):
    """An invented patient. `kind` is what the lesion was drawn as; nobody examined it, so it is not a diagnosis."""

    title: str
    kind: Diagnosis
    seed: int
    views: tuple[ImageType, ...]
    context: ClinicalContext


BOTH = (ImageType.CLINICAL, ImageType.DERMOSCOPIC)

CATALOGUE: tuple[Example, ...] = (
    Example(
        title=later("A changing dark patch on the back"),
        kind=Diagnosis.MEL,
        seed=10,
        views=BOTH,
        context=ClinicalContext(
            age=58,
            sex=Sex.MALE,
            anatom_site=AnatomSite.TRUNK,
            skin_tone=4,
            fitzpatrick=2,
            diameter_mm=11,
            grew=True,
            changed=True,
            irregular_shape=True,
            irregular_colour=True,
            itch=True,
            hurt=False,
            bleed=False,
            skin_cancer_history=False,
            notes=later(
                "INVENTED PATIENT. 58-year-old man, dark patch on the upper back, about 11 mm, irregular border, several "
                "colours. His wife says that it has grown and changed colour over the last six months. It itches now and "
                "then, no pain, no bleeding. No skin cancer before."
            ),
        ),
    ),
    Example(
        title=later("A pink pearly bump on the temple"),
        kind=Diagnosis.BCC,
        seed=7,
        views=BOTH,
        context=ClinicalContext(
            age=71,
            sex=Sex.FEMALE,
            anatom_site=AnatomSite.HEAD_NECK_FACE,
            skin_tone=4,
            fitzpatrick=2,
            diameter_mm=8,
            grew=True,
            rapid_growth=False,
            elevation=True,
            bleed=True,
            crust=True,
            itch=False,
            skin_cancer_history=True,
            notes=later(
                "INVENTED PATIENT. 71-year-old woman, pink shiny bump on the left temple, 8 mm, slowly growing for two years. "
                "It bleeds when she dries her face and forms a scab. It does not itch. Previous basal cell carcinoma on the "
                "nose."
            ),
        ),
    ),
    Example(
        title=later("A mole that has always been there, on darker skin"),
        kind=Diagnosis.NV,
        seed=3,
        views=(ImageType.DERMOSCOPIC,),
        context=ClinicalContext(
            age=34,
            sex=Sex.FEMALE,
            anatom_site=AnatomSite.UPPER_EXTREMITY,
            skin_tone=1,
            fitzpatrick=5,
            diameter_mm=5,
            grew=False,
            changed=False,
            itch=False,
            hurt=False,
            bleed=False,
            skin_cancer_history=False,
            notes=later(
                "INVENTED PATIENT. 34-year-old woman, brown mole on the right forearm, 5 mm, there since childhood. No change. "
                "It does not itch, hurt or bleed. No skin cancer before."
            ),
        ),
    ),
    Example(
        title=later("A crusted lump on the forehead"),
        kind=Diagnosis.SCCKA,
        seed=4,
        views=(ImageType.CLINICAL,),
        context=ClinicalContext(
            age=79,
            sex=Sex.MALE,
            anatom_site=AnatomSite.HEAD_NECK_FACE,
            skin_tone=3,
            fitzpatrick=2,
            diameter_mm=14,
            grew=True,
            rapid_growth=True,
            elevation=True,
            crust=True,
            hurt=True,
            bleed=True,
            inflammation=True,
            immunosuppressed=True,
            notes=later(
                "INVENTED PATIENT. 79-year-old man, crusted raised lump on the forehead, 14 mm, grown within seven weeks. It "
                "is tender and bleeds, with redness around it. Kidney transplant, on azathioprine."
            ),
        ),
    ),
    Example(
        title=later("A waxy brown plaque, history not taken"),
        kind=Diagnosis.BKL,
        seed=2,
        views=BOTH,
        context=ClinicalContext(
            age=66,
            sex=Sex.MALE,
            anatom_site=AnatomSite.TRUNK,
            skin_tone=4,
            notes=later("INVENTED PATIENT. 66-year-old man, brown waxy plaque on the chest, noticed at a check-up."),
        ),
    ),
)


def photos(example: Example) -> dict[ImageType, NDArray[np.uint8]]:
    """Draw the example's views, RGB [480, 640, 3] each, with the mark of a synthetic picture in its pixels."""
    tone = example.context.skin_tone
    return {
        view: mark_synthetic(draw(example.kind, view, example.seed, tone=4 if tone is None else tone)) for view in example.views
    }
