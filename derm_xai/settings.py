"""What can be configured, from DERM_XAI_* variables; built once at the entry and passed down."""

from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from derm_xai.errors import ModelError
from derm_xai.language import later

MODELS = Path(__file__).resolve().parents[1] / "models"


class Settings(BaseSettings):
    """`model`: a model folder, by default the newest in `models/`. `samples`: Monte Carlo samples. `seed`: of the samples.

    `pathway`: whose words and sources the next steps use. `blind_first`: the reader answers before the result shows.
    """

    model_config = SettingsConfigDict(env_prefix="DERM_XAI_", frozen=True)

    model: Path | None = None
    samples: int = Field(default=30, ge=2, le=200)
    seed: int = Field(default=0, ge=0)
    pathway: Literal["generic", "uk", "france"] = "generic"
    blind_first: bool = False

    def model_folder(self) -> Path:
        """Return the model folder. Raises ModelError when there is none."""
        if self.model is not None:
            return self.model
        folders = sorted(path.parent for path in MODELS.glob("*/model.json"))
        if not folders:
            raise ModelError(
                later("There is no model in models/. Train one with derm-xai train, or name a folder in DERM_XAI_MODEL.")
            )
        return folders[-1]

    def digest(self) -> str:
        """Return the SHA-256 of the settings that change an assessment."""
        return sha256(f"samples={self.samples} seed={self.seed} pathway={self.pathway}".encode()).hexdigest()
