"""Encoders by name: Vitrine's small one, any open_clip architecture, a hub name or a local folder."""

from __future__ import annotations

import difflib
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.encoders.hugging_face import self_contained
from models.encoders.image import ImageEncoder, build_image_encoder
from models.encoders.lite import LITE_ARCHITECTURE, LiteTrunk
from models.encoders.small import ARCHITECTURE, register_architecture

register_architecture()

import open_clip  # noqa: E402
import timm  # noqa: E402

SMALL_TEXT_WEIGHTS = Path(__file__).parent / "vitrine_small_text.safetensors"
LOCAL = "local-dir:"
HUB = "hf-hub:"
TIMM = "timm:"
IMAGENET = "imagenet"
_WEIGHTS = (".safetensors", ".bin", ".pt", ".pth")
# Padding loses nothing of an image; the lite trunk is for scans that their data sets give squashed already.
_RESIZE: dict[str, Literal["shortest", "longest", "squash"]] = {LITE_ARCHITECTURE: "squash"}


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
        name: ``vitrine_small`` or ``vitrine_lite``; an open_clip architecture such as ``ViT-L-14``;
            ``hf-hub:OWNER/NAME``; ``local-dir:/folder`` with ``open_clip_config.json`` and weights (for machines
            without a network); or ``timm:NAME`` for any timm image model, with Vitrine's own text tower.
        pretrained: for an open_clip architecture, open_clip's tag or a local weights file; for ``vitrine_lite``,
            ``imagenet`` or None; for ``timm:NAME``, a local weights file or None. Read with ``weights_only``.

    Returns:
        The towers, in float32 on the CPU.

    Raises:
        EncoderError: if the name is unknown, or files are missing or unreadable.
    """
    if name in (ARCHITECTURE, LITE_ARCHITECTURE):
        return _load_own(open_clip.get_model_config(name), pretrained)
    if name.startswith(TIMM):
        return _load_own(_timm_config(name.removeprefix(TIMM)), pretrained)
    _check_name(name)
    try:
        with _source(name) as source:
            model = open_clip.create_model(
                source,
                pretrained=pretrained,
                require_pretrained=not name.startswith((LOCAL, HUB)),
                weights_only=True,
            )
            tokenizer = open_clip.get_tokenizer(source)
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


def _load_own(config: dict[str, Any], pretrained: str | None) -> LoadedEncoder:
    """An image tower of timm's beside Vitrine's own text tower, which knows the vocabulary of the shipped concept sets.

    The two were not trained together: the bottleneck's projection learns to bring one to the other.
    """
    if not SMALL_TEXT_WEIGHTS.is_file():
        raise EncoderError(
            f"{SMALL_TEXT_WEIGHTS.name} is missing; make it with: python -m models.encoders.text_training"
        )
    text = open_clip.create_model(ARCHITECTURE, load_weights=False)
    text.text.load_state_dict({key: value.float() for key, value in load_file(SMALL_TEXT_WEIGHTS).items()})
    image = build_image_encoder(config)
    if pretrained is not None:
        _load_image_weights(image, config, pretrained)
    defaults = image.tower.trunk.default_cfg
    return LoadedEncoder(
        image,
        TextEncoder(text, open_clip.get_tokenizer(ARCHITECTURE)),
        config,
        Preprocessing(tuple(defaults["mean"]), tuple(defaults["std"]), _RESIZE.get(_timm_name(config), "longest")),
    )


def _timm_config(name: str) -> dict[str, Any]:
    """open_clip's configuration for any timm model, with the small text tower."""
    if not timm.is_model(name):
        close = ", ".join(difflib.get_close_matches(name, timm.list_models(), 5))
        raise EncoderError(f"timm has no model {name!r}" + (f"; similar are {close}" if close else ""))
    config: dict[str, Any] = open_clip.get_model_config(ARCHITECTURE)
    defaults = timm.get_pretrained_cfg(name)
    size = 224 if defaults is None else defaults.input_size[-1]
    vision = {"image_size": size, "timm_model_name": name, "timm_model_pretrained": False}
    return {**config, "vision_cfg": {**vision, "timm_pool": "avg", "timm_proj": "linear"}}


def _load_image_weights(image: ImageEncoder, config: dict[str, Any], pretrained: str) -> None:
    trunk = image.tower.trunk
    try:
        if isinstance(trunk, LiteTrunk) and pretrained == IMAGENET:
            trunk.load_imagenet()
            return
        path = Path(pretrained)
        if not path.is_file():
            raise EncoderError(f"pretrained {pretrained!r} is neither a weights file nor known for this encoder")
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
        # A head for other classes comes with such files and is not used here.
        missing, _ = trunk.load_state_dict(state, strict=False)
    except (OSError, RuntimeError, AttributeError, pickle.UnpicklingError, SafetensorError) as error:
        raise EncoderError(f"the weights {pretrained!r} cannot be used: {error}") from error
    if missing:
        raise EncoderError(
            f"{pretrained} holds no weights of {_timm_name(config)}: "
            f"{missing[0]} and {len(missing) - 1} more are missing"
        )


def _timm_name(config: dict[str, Any]) -> str:
    name: str = config["vision_cfg"]["timm_model_name"]
    return name


@contextmanager
def _source(name: str) -> Iterator[str]:
    """What open_clip is asked for: the name, or for a local folder one that needs no hub for its text tower."""
    if not name.startswith(LOCAL):
        yield name
        return
    with self_contained(Path(name.removeprefix(LOCAL))) as folder:
        yield f"{LOCAL}{folder}"


def _check_name(name: str) -> None:
    if name.startswith(LOCAL):
        folder = Path(name.removeprefix(LOCAL))
        if not (folder / "open_clip_config.json").is_file():
            raise EncoderError(
                f"{folder} holds no open_clip_config.json; point to the folder downloaded from the model's hub page"
            )
        if not any(path.suffix in _WEIGHTS for path in folder.iterdir()):
            # open_clip would go on with random weights.
            raise EncoderError(f"{folder} holds no weights ({', '.join(_WEIGHTS)}); put them beside its configuration")
    elif not name.startswith(HUB) and open_clip.get_model_config(name) is None:
        raise EncoderError(
            f"unknown encoder {name!r}; use {ARCHITECTURE!r}, {LITE_ARCHITECTURE!r}, an open_clip architecture "
            f"(for example ViT-L-14), {TIMM}NAME, {HUB}OWNER/NAME or {LOCAL}/FOLDER"
        )


def _advice(name: str) -> str:
    if name.startswith(HUB):
        folder = name.removeprefix(HUB).rsplit("/", 1)[-1]
        return f"Without a network, copy the model's files to a folder and use {LOCAL}/path/to/{folder}."
    if name.startswith(LOCAL):
        return "Check that the folder holds open_clip_config.json, the weights and the tokenizer's files."
    return "Give one of open_clip's pretrained tags, or the path of a weights file."
