"""Settings of a training, validated, from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.train.settings import Augmentation, Auxiliary, Data, ImportedData, PolicyName, ProceduralData

__all__ = ["ImportedData", "ProceduralData", "TrainConfig", "TrainConfigError"]

Regularizer = Literal["ivq", "none", "barlow_twins", "spectral", "gram"]


class TrainConfigError(ValueError):
    """The settings file cannot be used; the message names the field and the fault."""


class TrainConfig(BaseModel):
    """All settings of a training. ``docs/training.md`` has them in a table.

    Attributes:
        name: of the model to be made.
        data: what to train on.
        auxiliary: procedural images mixed into the training batches.
        concept_set: name of a shipped concept set, or the path of a YAML file; None for the data set's own.
        encoder: name for ``load_encoder``.
        pretrained: tag or weights file for the encoder.
        resize_mode: how a picture becomes a square: "shortest" (centre crop), "longest" (pad) or "squash"; None for the
            encoder's own.
        freeze: leading blocks (or stages) of the encoder, with all before them, that are not trained; "all" for it all.
        regularizer: what keeps the tokens from collapsing: the implicit codebook, nothing, or another technique.
        quantization: "explicit" replaces tokens by their codes (straight-through).
        aggregation: "magnet", or "global": the class token where the encoder has one, else the mean patch token.
        codes: M, as a number or a multiple of the number of groups K ("K", "5K"); None for K, the paper's choice.
        beta: weight of the commitment loss.
        concept_loss: "ce" within each group or "bce" for every option (the paper's).
        concept_weight: weight of the concept loss; the paper's objective has 1.
        ivq_weight: weight of the IVQ loss, or of the regularizer in its place; the paper's objective has 1.
        temperature: Magnet's tau as a multiple of the token width.
        learn_temperature: trains tau from there.
        parent: checkpoint folder to start from, with the same encoder and options; None for initial weights.
        epochs: passes over the training split.
        stop_after: epochs after which to stop although the schedule goes on, for a run that another one continues.
        patience: epochs without a better validation BMAC after which to stop; None to go on to the end.
        keep: weights of the "best" epoch by validation BMAC, or of the "last".
        batch_size: images a step, over all processes and accumulated parts.
        accumulate: parts that a batch is split into to save memory.
        learning_rate: peak; the paper has 1e-4.
        encoder_rate: factor on it for the encoder.
        bottleneck_rate: factor on it for projection, logit scale and head.
        prototype_rate: factor on it for the codebook and the Magnet queries, which take no weight decay and whose
            gradients are means over all patches.
        weight_decay: of weight matrices and convolutions.
        schedule: after the warm-up, a "cosine" down to zero or an "exponential" decay (the paper's) to ``final_rate``.
        final_rate: share of the peak rate that an exponential decay ends at.
        warmup: share of all steps with a rising learning rate.
        clip: largest norm of the gradient.
        ema: decay of an exponential moving average of the weights, which is then what is validated and kept.
        localization_weight: weight of the loss that asks the patches in a finding's mask to carry the evidence for
            it, where the data has masks; 0 switches it off.
        magnet_localization_weight: weight of the loss that asks each group's strongest Magnet patches to lie in its
            mask, where the data has masks; 0 switches it off.
        sampling: "shuffle", or "balanced" to draw every class equally often.
        class_balance: exponent on inverse class frequency for the weights of the classification loss; balanced
            sampling needs none and takes none.
        label_smoothing: share of the class target spread over all classes.
        augment: true for what suits the concept set's modality, the name of a policy, or a policy of one's own.
        bf16: computes the encoder in bf16: "auto" where the hardware multiplies it, "on" or "off".
        workers: threads that prepare batches ahead.
        state_every: steps after which the state is saved within an epoch; None for after every epoch only.
        device: "auto", "cpu", "cuda" or "cuda:N".
        seed: of weights, order and augmentation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    data: Data = ProceduralData()
    auxiliary: Auxiliary | None = None
    concept_set: str | None = None
    encoder: str = "vitrine_small"
    pretrained: str | None = None
    resize_mode: Literal["shortest", "longest", "squash"] | None = None
    freeze: int | Literal["all"] = 0
    regularizer: Regularizer = "ivq"
    quantization: Literal["implicit", "explicit"] = "implicit"
    aggregation: Literal["magnet", "global"] = "magnet"
    codes: int | str | None = None
    beta: float = Field(default=0.25, ge=0)
    concept_loss: Literal["ce", "bce"] = "ce"
    concept_weight: float = Field(default=1.0, ge=0)
    ivq_weight: float = Field(default=1.0, ge=0)
    temperature: float = Field(default=0.25, gt=0)
    learn_temperature: bool = False
    parent: Path | None = None
    epochs: int = Field(default=20, ge=1)
    stop_after: int | None = Field(default=None, ge=1)
    patience: int | None = Field(default=None, ge=1)
    keep: Literal["best", "last"] = "best"
    batch_size: int = Field(default=32, ge=2)
    accumulate: int = Field(default=1, ge=1)
    learning_rate: float = Field(default=1e-4, gt=0)
    encoder_rate: float = Field(default=1.0, ge=0)
    bottleneck_rate: float = Field(default=1.0, gt=0)
    prototype_rate: float = Field(default=3.0, gt=0)
    weight_decay: float = Field(default=0.05, ge=0)
    schedule: Literal["cosine", "exponential"] = "cosine"
    final_rate: float = Field(default=0.01, gt=0, le=1)
    warmup: float = Field(default=0.05, ge=0, lt=1)
    clip: float = Field(default=1.0, gt=0)
    ema: float | None = Field(default=None, gt=0, lt=1)
    localization_weight: float = Field(default=0.0, ge=0)
    magnet_localization_weight: float = Field(default=0.0, ge=0)
    sampling: Literal["shuffle", "balanced"] = "shuffle"
    class_balance: float = Field(default=1.0, ge=0, le=1)
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)
    augment: bool | PolicyName | Augmentation = True
    bf16: Literal["auto", "on", "off"] = "auto"
    workers: int = Field(default=1, ge=1, le=64)
    state_every: int | None = Field(default=None, ge=1)
    device: str = "auto"
    seed: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _possible(self) -> TrainConfig:
        if isinstance(self.freeze, int) and self.freeze < 0:
            raise ValueError("freeze must not be negative")
        self.code_count(1)
        if self.quantization == "explicit" and self.regularizer != "ivq":
            raise ValueError("explicit quantization learns its codes by the ivq loss; set regularizer: ivq")
        if self.accumulate > self.batch_size:
            raise ValueError("accumulate must not be more than batch_size")
        return self

    def code_count(self, groups: int) -> int:
        """M for K concept groups.

        Raises:
            ValueError: if ``codes`` is neither a positive number nor a multiple such as "5K".
        """
        text = "K" if self.codes is None else str(self.codes)
        number, factor = (text[:-1] or "1", groups) if text.endswith("K") else (text, 1)
        if not number.isdecimal() or int(number) == 0:
            raise ValueError(f'codes must be a positive number or a multiple of the groups such as "5K", not {text!r}')
        return int(number) * factor

    def to_json(self) -> dict[str, Any]:
        """The settings for a record of the training, without where drawn images are kept."""
        record = self.model_dump(mode="json")
        for part in ("data", "auxiliary"):
            if record[part] is not None:
                record[part].pop("cache", None)
        return record

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
            faults = "; ".join(f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors())
            raise TrainConfigError(f"{path}: {faults}") from error


def _place(location: tuple[int | str, ...]) -> str:
    """A field as the file has it: without the tag that says which kind of data was looked at."""
    return ".".join(str(part) for part in location if part not in ("procedural", "imported")) or "file"
