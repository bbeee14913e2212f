"""Encoders by name: Vitrine's small one, any open_clip architecture, a hub name or a local folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from models.encoders.image import ImageEncoder
from models.encoders.small import ARCHITECTURE, register_architecture

register_architecture()

import open_clip  # noqa: E402

SMALL_TEXT_WEIGHTS = Path(__file__).parent / "vitrine_small_text.safetensors"
LOCAL = "local-dir:"
HUB = "hf-hub:"
# Contrast and centring of the small encoder: plain (x - 0.5) / 0.25 in every channel, so colours keep their meaning.
_SMALL_PREPROCESSING = {"mean": (0.5, 0.5, 0.5), "std": (0.25, 0.25, 0.25), "resize_mode": "longest"}


class EncoderError(ValueError):
    """The encoder cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True)
class Preprocessing:
    """How an image becomes the encoder's input.

    Attributes:
        mean: per channel, of values in [0, 1].
        std: per channel.
        resize_mode: "shortest" (centre crop), "longest" (pad to a square) or "squash".
    """

    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    resize_mode: Literal["shortest", "longest", "squash"]


@dataclass(frozen=True)
class LoadedEncoder:
    """A pair of towers that share a text space.

    Attributes:
        image: the image tower, yielding patch tokens.
        text: turns prompts into (N, T) normalised embeddings.
        model_config: open_clip's configuration, enough to build the image tower again without any download.
        preprocessing: what the image tower expects.
    """

    image: ImageEncoder
    text: TextEncoder
    model_config: dict[str, Any]
    preprocessing: Preprocessing


class TextEncoder:
    """Frozen text tower with its tokenizer.

    Args:
        model: an open_clip model with ``encode_text``.
        tokenizer: turns a list of N texts into (N, context) token ids.
    """

    def __init__(self, model: nn.Module, tokenizer: Any) -> None:
        self._model = model.eval().requires_grad_(False)
        self._tokenizer = tokenizer

    @torch.no_grad()
    def embed(self, texts: Sequence[str]) -> Tensor:
        """Embeds prompts.

        Args:
            texts: N prompts.

        Returns:
            (N, T) float32, L2-normalised.
        """
        embeddings: Tensor = self._model.encode_text(self._tokenizer(list(texts)), normalize=True)  # type: ignore[operator]
        return embeddings.float()


def load_encoder(name: str, pretrained: str | None = None) -> LoadedEncoder:
    """Loads both towers of an encoder.

    Args:
        name: ``vitrine_small``; an open_clip architecture such as ``ViT-L-14``; ``hf-hub:OWNER/NAME``; or
            ``local-dir:/folder`` with ``open_clip_config.json`` and weights (for machines without a network).
        pretrained: for an architecture, open_clip's tag or a local weights file; read with ``weights_only``.

    Returns:
        The towers, in float32 on the CPU.

    Raises:
        EncoderError: if the name is unknown, or files are missing or unreadable.
    """
    if name == ARCHITECTURE:
        return _load_small()
    _check_name(name)
    try:
        model = open_clip.create_model(
            name,
            pretrained=pretrained,
            require_pretrained=not name.startswith((LOCAL, HUB)),
            weights_only=True,
        )
        tokenizer = open_clip.get_tokenizer(name)
    except Exception as error:
        # open_clip and the hub client raise everything from OSError to KeyError here; the reason is kept in the text.
        raise EncoderError(f"encoder {name!r} could not be loaded: {error}. {_advice(name)}") from error
    config = model.visual.preprocess_cfg
    preprocessing = Preprocessing(tuple(config["mean"]), tuple(config["std"]), config["resize_mode"])
    return LoadedEncoder(
        ImageEncoder(model.visual),
        TextEncoder(model, tokenizer),
        open_clip.get_model_config(name),
        preprocessing,
    )


def load_text_encoder(name: str, pretrained: str | None = None) -> TextEncoder:
    """Loads the text tower alone, to embed an edited concept set. Arguments and errors as ``load_encoder``."""
    return load_encoder(name, pretrained).text


def _load_small() -> LoadedEncoder:
    if not SMALL_TEXT_WEIGHTS.is_file():
        raise EncoderError(
            f"{SMALL_TEXT_WEIGHTS.name} is missing; make it with: python -m models.encoders.text_training"
        )
    model = open_clip.create_model(ARCHITECTURE, load_weights=False)
    weights = {key: value.float() for key, value in load_file(SMALL_TEXT_WEIGHTS).items()}
    model.text.load_state_dict(weights)
    return LoadedEncoder(
        ImageEncoder(model.visual),
        TextEncoder(model, open_clip.get_tokenizer(ARCHITECTURE)),
        open_clip.get_model_config(ARCHITECTURE),
        Preprocessing(**_SMALL_PREPROCESSING),  # type: ignore[arg-type]
    )


def _check_name(name: str) -> None:
    if name.startswith(LOCAL):
        folder = Path(name.removeprefix(LOCAL))
        if not (folder / "open_clip_config.json").is_file():
            raise EncoderError(
                f"{folder} holds no open_clip_config.json; point to the folder downloaded from the model's hub page"
            )
    elif not name.startswith(HUB) and open_clip.get_model_config(name) is None:
        raise EncoderError(
            f"unknown encoder {name!r}; use {ARCHITECTURE!r}, an open_clip architecture "
            f"(for example ViT-L-14), {HUB}OWNER/NAME or {LOCAL}/FOLDER"
        )


def _advice(name: str) -> str:
    if name.startswith(HUB):
        folder = name.removeprefix(HUB).rsplit("/", 1)[-1]
        return f"Without a network, copy the model's files to a folder and use {LOCAL}/path/to/{folder}."
    if name.startswith(LOCAL):
        return "Check that the folder holds open_clip_config.json, the weights and the tokenizer's files."
    return "Give one of open_clip's pretrained tags, or the path of a weights file."
