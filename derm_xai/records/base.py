"""What every record is, and the shapes that records share."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Vector = tuple[float, ...]
Map = tuple[tuple[float, ...], ...]
Source = Literal["prior", "image_type", "photo", "notes"]


class Record(BaseModel):
    """A frozen record; an unknown key is an error. In JSON, "NaN" stands for a figure that is not defined."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")
