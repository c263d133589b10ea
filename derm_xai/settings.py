"""What can be configured, from DERM_XAI_* variables; built once at the entry and passed down."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from derm_xai.errors import ModelError, SettingsError
from derm_xai.language import later

MODELS = Path(__file__).resolve().parents[1] / "models"
_PREFIX = "DERM_XAI_"


class Settings(BaseSettings):
    """`model`: a model folder, or the last in `models/` by name. `samples`: Monte Carlo samples. `seed`: of the samples.

    `pathway`: whose words and sources the next steps use. `blind_first`: the reader answers before the result shows.
    Raises SettingsError for a value that a variable cannot take.
    """

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    model: Path | None = None
    samples: int = Field(default=30, ge=2, le=200)
    seed: int = Field(default=0, ge=0, lt=2**63)
    pathway: Literal["generic", "uk", "france"] = "generic"
    blind_first: bool = False

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_a_sentence(cls, values: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Raise SettingsError where pydantic would print the value, which may be a path."""
        try:
            return validate(values)
        except ValidationError as error:
            raise SettingsError(
                later("The variable {name} has a value that it cannot take. See Configuration in the README."),
                name=variable(str(error.errors()[0]["loc"][0])),
            ) from None

    def model_folder(self) -> Path:
        """Return the model folder. Raises ModelError when there is none."""
        if self.model is not None:
            return self.model
        folders = [path.parent for path in MODELS.glob("*/model.json")]
        if not folders:
            raise ModelError(
                later("There is no model in models/. Train one with derm-xai train, or name a folder in DERM_XAI_MODEL.")
            )
        return max(folders, key=_by_name)

    def digest(self) -> str:
        """Return the SHA-256 of the settings that change an assessment."""
        return sha256(f"samples={self.samples} seed={self.seed} pathway={self.pathway}".encode()).hexdigest()


def variable(field: str) -> str:
    """Return the name of the variable that a field of the settings is read from."""
    return _PREFIX + field.upper()


def _by_name(folder: Path) -> list[str | int]:
    """Numbers in the name count as numbers, so that model-10 comes after model-9."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", folder.name)]
