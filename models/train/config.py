"""Settings of a training, validated, from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class TrainConfigError(ValueError):
    """The settings file cannot be used; the message names the field and the fault."""


class ProceduralData(BaseModel):
    """A procedural data set and how many images of each split to draw.

    Attributes:
        name: of the generator.
        train: images to train on.
        validation: images that choose the best epoch and give the score statistics.
        test: images looked at once, at the end.
        cache: folder to keep the drawn arrays in, so that a second run need not draw them again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Literal["synthetic-dermoscopy"] = "synthetic-dermoscopy"
    train: int = Field(default=12000, ge=64)
    validation: int = Field(default=1000, ge=64)
    test: int = Field(default=1000, ge=64)
    cache: Path | None = None


class TrainConfig(BaseModel):
    """All settings of a training.

    Attributes:
        name: of the model to be made.
        data: what to train on.
        concept_set: name of a shipped concept set, or the path of a YAML file.
        encoder: name for ``load_encoder``.
        pretrained: tag or weights file for an open_clip architecture.
        codes: M; None for the number of groups, the paper's choice.
        beta: weight of the commitment loss.
        concept_weight: weight of the concept loss; the paper's objective has 1.
        ivq_weight: weight of the IVQ loss; the paper's objective has 1.
        temperature: Magnet's tau as a multiple of the token width.
        parent: checkpoint folder to start from, with the same encoder and options; None for initial weights.
        epochs: passes over the training split.
        stop_after: epochs after which to stop although the schedule goes on, for a run that another one continues.
        batch_size: images a step.
        learning_rate: peak.
        prototype_rate: factor on the learning rate for the codebook and the Magnet queries, which take no weight
            decay and whose gradients are means over all patches.
        weight_decay: of weight matrices and convolutions.
        warmup: share of all steps with a rising learning rate; a cosine decays it after that.
        localization_weight: weight of the loss that asks the patches in a finding's mask to carry the evidence for
            it, where the data has masks; 0 switches it off.
        class_balance: exponent on inverse class frequency for the weights of the classification loss.
        augment: flips, quarter turns and mild changes of light.
        device: "auto", "cpu", "cuda" or "cuda:N".
        seed: of weights, order and augmentation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    data: ProceduralData = ProceduralData()
    concept_set: str = "isic2018"
    encoder: str = "vitrine_small"
    pretrained: str | None = None
    codes: int | None = Field(default=None, ge=1)
    beta: float = Field(default=0.25, ge=0)
    concept_weight: float = Field(default=1.0, ge=0)
    ivq_weight: float = Field(default=1.0, ge=0)
    temperature: float = Field(default=0.25, gt=0)
    parent: Path | None = None
    epochs: int = Field(default=20, ge=1)
    stop_after: int | None = Field(default=None, ge=1)
    batch_size: int = Field(default=64, ge=2)
    learning_rate: float = Field(default=1e-3, gt=0)
    prototype_rate: float = Field(default=3.0, gt=0)
    weight_decay: float = Field(default=0.05, ge=0)
    warmup: float = Field(default=0.05, ge=0, lt=1)
    localization_weight: float = Field(default=0.0, ge=0)
    class_balance: float = Field(default=1.0, ge=0, le=1)
    augment: bool = True
    device: str = "auto"
    seed: int = 0

    @classmethod
    def load(cls, path: Path) -> TrainConfig:
        """Reads a YAML file.

        Raises:
            TrainConfigError: if the file is missing, not YAML, or a setting is unknown or out of range.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise TrainConfigError(f"{path} cannot be read: {error}") from error
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors()
            )
            raise TrainConfigError(f"{path}: {faults}") from error
