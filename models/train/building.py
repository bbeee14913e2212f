"""The network that a training starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.cbm.network import IVQCBM
from models.checkpoint import ModelConfig, build_network, load_network, read_checkpoint
from models.concepts import ConceptSet
from models.encoders.class_token import has_class_token
from models.encoders.image import ImageEncoder
from models.encoders.loading import load_encoder
from models.train.config import TrainConfig
from models.train.data import dataset_identity


def prepare_network(config: TrainConfig, concept_set: ConceptSet) -> tuple[IVQCBM, ModelConfig]:
    """Builds the network to be trained: the encoder with its initial weights and an untrained bottleneck.

    Args:
        config: settings.
        concept_set: its prompts are embedded with the encoder's text tower and frozen.

    Returns:
        The network and the architecture to be stored with it.

    Raises:
        ValueError: if the encoder does not fit the settings.
    """
    encoder = load_encoder(config.encoder, config.pretrained)
    embeddings = encoder.text.embed(concept_set.prompts())
    patches, width = encoder.image.token_shape()
    side = round(patches**0.5)
    if side * side != patches:
        raise ValueError(f"encoder {config.encoder!r} yields {patches} patches, which is not a square grid")
    dataset, synthetic = dataset_identity(config.data)
    model_config = ModelConfig(
        name=config.name,
        dataset=dataset,
        synthetic=synthetic,
        encoder=config.encoder,
        encoder_config=encoder.model_config,
        mean=encoder.preprocessing.mean,
        std=encoder.preprocessing.std,
        resize_mode=config.resize_mode or encoder.preprocessing.resize_mode,
        token_width=width,
        text_width=embeddings.shape[1],
        grid=(side, side),
        codes=config.code_count(concept_set.group_count),
        beta=config.beta,
        temperature=config.temperature,
        learned_temperature=config.learn_temperature and config.aggregation == "magnet",
        aggregation=_aggregation(config, encoder.image),
        quantization=config.quantization,
        regularizer=config.regularizer,
        concept_loss=config.concept_loss,
    )
    network = build_network(model_config, concept_set, embeddings)
    network.encoder.load_state_dict(encoder.image.state_dict())
    if config.parent is not None:
        _inherit(network, model_config, concept_set, config.parent)
    return network, model_config


def _aggregation(config: TrainConfig, encoder: ImageEncoder) -> Literal["magnet", "cls", "mean"]:
    if config.aggregation == "magnet":
        return "magnet"
    if not has_class_token(encoder):
        return "mean"
    if config.quantization == "explicit":
        raise ValueError("a class token is not quantized: explicit quantization needs aggregation magnet")
    return "cls"


def _inherit(network: IVQCBM, model_config: ModelConfig, concept_set: ConceptSet, parent: Path) -> None:
    """Takes over the weights of a parent checkpoint whose encoder, codebook, classes and options are the same.

    The options' embeddings stay those of this concept set, whose wording may be another.
    """
    checkpoint = read_checkpoint(parent)
    for name, kind in (("class_keys", "classes"), ("option_ids", "options")):
        if getattr(checkpoint.concept_set, name) != getattr(concept_set, name):
            raise ValueError(
                f"parent {parent} has other {kind} than concept set {concept_set.name!r}; train without it"
            )
    kept = ("encoder_config", "token_width", "text_width", "grid", "codes", "aggregation", "learned_temperature")
    for name in kept:
        if getattr(checkpoint.config, name) != getattr(model_config, name):
            raise ValueError(f"parent {parent} has another {name} than these settings; train without it")
    embeddings = network.bottleneck.scorer.text_embeddings.clone()
    network.load_state_dict(load_network(checkpoint).state_dict())
    network.bottleneck.scorer.text_embeddings.copy_(embeddings)
