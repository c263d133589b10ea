"""Pictures of skin lesions that this code draws: no photo, nor any part of one, goes into them.

A lesion is drawn once as tissue (melanin, blood, horn, relief) at the scale of a dermatoscope; the close-up is the same
tissue from further away. Light then passes through it as Beer–Lambert says, and a camera takes the photo.
"""

from derm_xai.examples.catalogue import CATALOGUE, Example, photos
from derm_xai.examples.drawing import RECIPES, draw

__all__ = ["CATALOGUE", "RECIPES", "Example", "draw", "photos"]
