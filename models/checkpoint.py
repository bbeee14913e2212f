"""A trained model as a folder: safetensors weights and text files, nothing pickled.

config.json            architecture and preprocessing, enough to rebuild the network without any download
weights.safetensors    encoder, codebook, Magnet, projection, text embeddings, head
concept_set.yaml       the concept set it was trained with
statistics.json        score statistics, code associations and familiarity over the validation set
metrics.json           what was measured, on which split, and how the model was made
MODEL_CARD.md          the same for people
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from models.cbm.global_vector import GlobalAggregation
from models.cbm.ivq import ImplicitVectorQuantizer
from models.cbm.magnet import MagnetAttention
from models.cbm.network import IVQCBM, ConceptBottleneck
from models.cbm.scoring import OptionScorer
from models.concepts import ConceptSet, ConceptSetError, dump_concept_set, load_concept_set
from models.encoders.class_token import with_class_token
from models.encoders.image import build_image_encoder
from models.encoders.loading import Preprocessing
from models.statistics import ValidationStatistics
from models.tensors import write_tensors

FORMAT = 1
ZOO = Path(__file__).parent / "zoo"


class CheckpointError(ValueError):
    """The folder is not a usable checkpoint; the message names the file and the fault."""


class ModelConfig(BaseModel):
    """Architecture of a trained model (``config.json``).

    Attributes:
        format: version of the folder's layout.
        name: of the model.
        dataset: it was trained on.
        synthetic: whether that data set is procedural.
        encoder: name given to ``load_encoder``; to embed an edited concept set the same encoder is loaded again.
        encoder_config: open_clip's model configuration.
        mean: per channel, of values in [0, 1].
        std: per channel.
        resize_mode: "shortest", "longest" or "squash".
        token_width: D.
        text_width: T.
        grid: rows and columns of the patch grid.
        codes: M.
        beta: weight of the commitment loss.
        temperature: Magnet's tau as a multiple of D; where it was learned, what it started from.
        learned_temperature: whether tau is among the weights.
        aggregation: what becomes a visual concept: "magnet", or one global vector, "cls" or "mean", whose Magnet map
            is even and says nothing.
        quantization: "implicit", or "explicit" for tokens replaced by their codes.
        regularizer: what kept the tokens from collapsing. Only with "ivq" was the codebook trained with them;
            otherwise it was fitted to the tokens afterwards and the index map is a description, no more.
        concept_loss: "ce" within each group, or "bce" for every option by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: int = FORMAT
    name: str
    dataset: str
    synthetic: bool
    encoder: str
    encoder_config: dict[str, Any]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    resize_mode: str = Field(pattern="^(shortest|longest|squash)$")
    token_width: int = Field(gt=0)
    text_width: int = Field(gt=0)
    grid: tuple[int, int]
    codes: int = Field(gt=0)
    beta: float = Field(ge=0)
    temperature: float = Field(gt=0)
    learned_temperature: bool = False
    aggregation: Literal["magnet", "cls", "mean"] = "magnet"
    quantization: Literal["implicit", "explicit"] = "implicit"
    regularizer: Literal["ivq", "none", "barlow_twins", "spectral", "gram"] = "ivq"
    concept_loss: Literal["ce", "bce"] = "ce"

    @property
    def preprocessing(self) -> Preprocessing:
        """How an image becomes the encoder's input."""
        return Preprocessing(self.mean, self.std, self.resize_mode)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Checkpoint:
    """Everything of a checkpoint folder but the weights."""

    folder: Path
    config: ModelConfig
    concept_set: ConceptSet
    statistics: ValidationStatistics
    metrics: dict[str, Any]
    card: str

    @property
    def name(self) -> str:
        """The model's name."""
        return self.config.name

    @property
    def dataset(self) -> str:
        """Name of the data set it was trained on."""
        return self.config.dataset

    @property
    def synthetic(self) -> bool:
        """Whether that data set is procedural."""
        return self.config.synthetic

    def weights_digest(self) -> str:
        """SHA-256 of the weights file: the identity of this model version."""
        with (self.folder / "weights.safetensors").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def build_network(config: ModelConfig, concept_set: ConceptSet, text_embeddings: Tensor | None = None) -> IVQCBM:
    """Builds the network with random weights.

    Args:
        config: the architecture.
        concept_set: gives K, O and C.
        text_embeddings: (O, T) of the prompted options; zeros when None, to be filled from a checkpoint.

    Returns:
        The network in float32 on the CPU.

    Raises:
        ValueError: if the embeddings do not fit the concept set.
    """
    if text_embeddings is None:
        text_embeddings = torch.zeros(concept_set.option_count, config.text_width)
    if tuple(text_embeddings.shape) != (concept_set.option_count, config.text_width):
        raise ValueError(
            f"expected text embeddings {(concept_set.option_count, config.text_width)}, "
            f"got {tuple(text_embeddings.shape)}"
        )
    bottleneck = ConceptBottleneck(
        ImplicitVectorQuantizer(config.codes, config.token_width, config.beta),
        _aggregation(config, concept_set.group_count),
        OptionScorer(config.token_width, text_embeddings, torch.tensor(concept_set.group_of_option)),
        len(concept_set.classes),
        explicit=config.quantization == "explicit",
    )
    encoder = build_image_encoder(config.encoder_config)
    return IVQCBM(with_class_token(encoder) if config.aggregation == "cls" else encoder, bottleneck)


def _aggregation(config: ModelConfig, groups: int) -> MagnetAttention | GlobalAggregation:
    if config.aggregation == "magnet":
        return MagnetAttention(groups, config.token_width, config.temperature, learned=config.learned_temperature)
    return GlobalAggregation(groups, config.token_width, config.aggregation)


def save_checkpoint(
    folder: Path,
    network: IVQCBM,
    config: ModelConfig,
    concept_set: ConceptSet,
    statistics: ValidationStatistics,
    metrics: dict[str, Any],
    card: str,
) -> None:
    """Writes a checkpoint folder; ``config.json`` last, so that a half-written folder is not taken for a checkpoint.

    Args:
        folder: made if missing; files in it are replaced.
        network: with its trained weights.
        config: its architecture.
        concept_set: its concept set.
        statistics: measured on the validation set.
        metrics: JSON-ready figures.
        card: the model card, Markdown.

    Raises:
        OSError: if a file cannot be written, as on a full disk.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").unlink(missing_ok=True)
    weights = {key: value.detach().cpu().contiguous() for key, value in network.state_dict().items()}
    write_tensors(folder / "weights.safetensors", weights)
    dump_concept_set(concept_set, folder / "concept_set.yaml")
    _write_json(folder / "statistics.json", statistics.model_dump(mode="json"))
    _write_json(folder / "metrics.json", metrics)
    (folder / "MODEL_CARD.md").write_text(card, "utf-8")
    _write_json(folder / "config.json", config.model_dump(mode="json"))


def read_checkpoint(folder: Path) -> Checkpoint:
    """Reads and checks everything but the weights.

    Raises:
        CheckpointError: if a file is missing, malformed or contradicts another.
    """
    if not (folder / "config.json").is_file():
        raise CheckpointError(f"{folder} is not a checkpoint folder: it has no config.json")
    try:
        config = ModelConfig.model_validate(_read_json(folder / "config.json"))
        statistics = ValidationStatistics.model_validate(_read_json(folder / "statistics.json"))
        metrics = _read_json(folder / "metrics.json")
        concept_set = load_concept_set(folder / "concept_set.yaml")
        card = (folder / "MODEL_CARD.md").read_text("utf-8")
    except (OSError, ValidationError, json.JSONDecodeError, ConceptSetError) as error:
        raise CheckpointError(f"checkpoint {folder} cannot be read: {error}") from error
    if config.format != FORMAT:
        raise CheckpointError(f"checkpoint {folder} has format {config.format}; this version reads {FORMAT}")
    if len(statistics.means) != concept_set.option_count or len(statistics.codes) != config.codes:
        raise CheckpointError(f"checkpoint {folder}: statistics.json does not fit the concept set or the codebook")
    return Checkpoint(folder, config, concept_set, statistics, metrics, card)


def load_network(checkpoint: Checkpoint) -> IVQCBM:
    """Builds the checkpoint's network with its weights, in float32 on the CPU, in evaluation mode.

    Raises:
        CheckpointError: if the weights are missing, damaged or do not fit the configuration.
    """
    path = checkpoint.folder / "weights.safetensors"
    try:
        network = build_network(checkpoint.config, checkpoint.concept_set)
        network.load_state_dict(load_file(path))
    except (OSError, SafetensorError, RuntimeError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path} cannot be loaded: {error}") from error
    return network.eval().requires_grad_(False)


def list_zoo() -> list[Path]:
    """Folders of the models that ship with Vitrine, by name."""
    return sorted(path.parent for path in ZOO.glob("*/config.json"))


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n", "utf-8")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))
