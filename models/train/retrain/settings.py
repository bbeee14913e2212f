"""Settings of a retraining, and the settings of a training that follow from them and the parent's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.checkpoint import Checkpoint
from models.train.config import TrainConfig
from models.train.retrain.errors import RetrainError
from models.train.settings import Data, ImportedData, ProceduralData

Mode = Literal["quick", "full"]
# So that the shipped models take less than a minute on two cores: docs/results/retraining.md.
_QUICK: dict[str, Any] = {
    "epochs": 12,
    "patience": None,
    "learning_rate": 1e-3,
    "keep": "last",
    "freeze": "all",
    "augment": False,
    "accumulate": 1,
    "bf16": "off",
}


class RetrainConfig(BaseModel):
    """What a retraining takes beside parent and concept set.

    Attributes:
        mode: "quick" trains what stands behind the tokens, on tokens that are computed once; "full" everything, as the
            parent was trained.
        name: of the new model; None for the parent's with "-retrained".
        data: what to train, validate and test on; None for what the parent's settings say.
        labels: folder of labelled images that join the training images.
        concept_set: where the edited set comes from, for the record; its contents count.
        epochs: passes over the training split; None for 12 (quick) or the parent's (full).
        patience: epochs without a better validation BMAC after which to stop, and the best epoch's weights are kept;
            None for all epochs and the last one's weights (quick), or for what the parent's settings say (full).
        learning_rate: peak; None for 1e-3 (quick) or the parent's.
        images: training images that quick mode takes at most, evenly spread over all of them; None for all.
        tokens: folder to keep the tokens of the frozen encoder in; None for a folder beside the model.
        drawn: folder to keep drawn images in.
        private: folder for what is made of labelled images while it is needed: their import and their tokens. None for
            the system's temporary folder and for ``tokens``. They may be of patients: whoever names it removes it.
        state_every: steps after which the state is saved within an epoch; None for after every epoch only.
        device: "auto", "cpu", "cuda" or "cuda:N".
        seed: of order, augmentation and of new queries and codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    mode: Mode = "quick"
    name: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]*$")
    data: Data | None = None
    labels: Path | None = None
    concept_set: str | None = None
    epochs: int | None = Field(default=None, ge=1)
    patience: int | None = Field(default=None, ge=1)
    learning_rate: float | None = Field(default=None, gt=0)
    images: int | None = Field(default=2000, ge=2)
    tokens: Path | None = None
    drawn: Path | None = None
    private: Path | None = None
    state_every: int | None = Field(default=None, ge=1)
    device: str = "auto"
    seed: int = Field(default=0, ge=0)

    def record(self) -> dict[str, Any]:
        """For the lineage: without the folders that only say where something is kept."""
        record = self.model_dump(mode="json", exclude={"tokens", "drawn", "private", "state_every", "device"})
        if record["data"] is not None:
            record["data"].pop("cache", None)
        return record


def training_config(parent: Checkpoint, config: RetrainConfig) -> TrainConfig:
    """The settings of the training: the parent's, so that the objective is the same, with what the mode changes.

    In quick mode the weights of the losses, class balance, smoothing, batch size and temperature are the parent's;
    nothing is augmented, because the tokens are fixed, and a regularizer of the encoder has nothing to act on.

    Raises:
        RetrainError: if the parent's ``metrics.json`` does not say how it was trained.
    """
    try:
        before = TrainConfig.model_validate(parent.metrics["training"]["settings"])
    except (KeyError, TypeError, ValidationError) as error:
        raise RetrainError(f"{parent.folder}/metrics.json does not say how the parent was trained: {error}") from error
    chosen = {name: getattr(config, name) for name in ("epochs", "patience", "learning_rate")}
    changes: dict[str, Any] = {
        **(_QUICK if config.mode == "quick" else {}),
        **{name: value for name, value in chosen.items() if value is not None},
        "name": config.name or f"{parent.name}-retrained",
        "data": _drawn(config.data or before.data, config),
        "auxiliary": None if before.auxiliary is None else before.auxiliary.model_copy(update={"cache": config.drawn}),
        "parent": parent.folder,
        "concept_set": config.concept_set,
        "codes": None if parent.config.codes == parent.concept_set.group_count else parent.config.codes,
        "stop_after": None,
        "state_every": config.state_every,
        "device": config.device,
        "seed": config.seed,
    }
    if config.patience is not None:
        changes["keep"] = "best"
    if config.mode == "quick" and before.regularizer != "ivq":
        changes["regularizer"] = "none"
    return TrainConfig.model_validate(before.model_dump() | changes)


def _drawn(data: ProceduralData | ImportedData, config: RetrainConfig) -> ProceduralData | ImportedData:
    """Procedural images are kept where the settings say, and no more of them are drawn than are trained on."""
    if isinstance(data, ImportedData):
        return data
    most = config.images if config.mode == "quick" and config.images is not None else data.train
    return data.model_copy(update={"cache": config.drawn, "train": max(64, min(data.train, most))})
