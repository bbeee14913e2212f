"""From images to explained predictions, in one pass of the encoder.

Shapes: B images, L patches, D token width, K groups, O options, C classes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from weakref import WeakValueDictionary

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import BottleneckOutput
from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.devices import choose_device, has_fast_bfloat16
from models.explain.gradcam import gradcam_maps
from models.explanation import CodeUse, Explanation, Familiarity, FloatArray, IntArray
from models.preprocessing import normalise
from models.squares import Square, as_square

# Versions of a model often differ in what stands behind the encoder alone: the same weights are in memory once.
_ENCODERS: WeakValueDictionary[str, nn.Module] = WeakValueDictionary()
# Below this cosine between the bf16 and the float32 tokens of a probe image, bf16 is not used.
_PARITY = 0.995


@dataclass(frozen=True, eq=False)
class _Arrays:
    """What comes out of a pass, on the CPU: the first axis of each is B."""

    logits: FloatArray
    probabilities: FloatArray
    scores: FloatArray
    option_probabilities: FloatArray
    contributions: FloatArray
    index_maps: IntArray
    magnet: FloatArray
    gradcam: FloatArray
    distances: FloatArray
    tokens: FloatArray


class Predictor:
    """A trained model ready to explain images.

    The encoder runs in bf16 where the hardware multiplies bf16 matrices and a parity check at start allows it;
    everything after it runs in float32. ``prepare`` may be called by any thread and needs no torch; all else by one
    thread at a time, because torch uses all its threads for one call.

    Args:
        checkpoint: what was read of the folder.
        device: "auto", "cpu", "cuda" or "cuda:N".
        precision: "auto", "float32" or "bfloat16" for the encoder.

    Raises:
        CheckpointError: if the weights cannot be loaded.
        ValueError: if the device or the precision is unknown or not present.
    """

    def __init__(self, checkpoint: Checkpoint, device: str = "auto", precision: str = "auto") -> None:
        if precision not in ("auto", "float32", "bfloat16"):
            raise ValueError(f"unknown precision {precision!r}: use auto, float32 or bfloat16")
        self.checkpoint = checkpoint
        self._device = choose_device(device)
        network = load_network(checkpoint).to(self._device)
        self._bottleneck = network.bottleneck
        self._bias = _array(network.bottleneck.head.bias)
        self._image_size = network.image_size
        self._dtype = torch.float32
        key = f"{_digest(network.encoder)} {self._device} {precision}"
        if (known := _ENCODERS.get(key)) is None:
            self._encoder: nn.Module = network.encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
            if precision == "bfloat16" or (precision == "auto" and has_fast_bfloat16(self._device)):
                self._use_bfloat16(required=precision == "bfloat16")
            _ENCODERS[key] = self._encoder
        else:
            self._encoder, self._dtype = known, next(known.parameters()).dtype

    @classmethod
    def from_folder(cls, folder: Path, device: str = "auto", precision: str = "auto") -> Predictor:
        """Loads a checkpoint folder. Errors as the class, plus CheckpointError when the folder is not one."""
        return cls(read_checkpoint(folder), device, precision)

    @property
    def device(self) -> str:
        """The device in use, as torch names it."""
        return str(self._device)

    @property
    def precision(self) -> str:
        """The encoder's precision: "float32" or "bfloat16"."""
        return str(self._dtype).removeprefix("torch.")

    def prepare(self, image: Image.Image) -> Square:
        """What ``explain_all`` takes of any Pillow image."""
        return as_square(image, self._image_size, self.checkpoint.config.preprocessing.resize_mode)

    def explain(self, image: Image.Image) -> Explanation:
        """Explains one image.

        Args:
            image: any Pillow image.

        Returns:
            Class probabilities, option scores with exact contributions, index map, Magnet maps and Grad-CAM of
            every option.
        """
        return self.explain_all([self.prepare(image)])[0]

    @torch.inference_mode()
    def explain_all(self, squares: Sequence[Square]) -> list[Explanation]:
        """Explains images in one pass.

        Args:
            squares: B of them, at least one, from ``prepare``.

        Returns:
            An explanation of each, as ``explain`` has it. Their times are those of the whole pass. In bf16 the last
            digits depend on how many go together.
        """
        start = time.perf_counter()
        inputs = self._normalised(squares)
        prepared = time.perf_counter()
        tokens = self._encode(inputs)
        encoded = time.perf_counter()
        output: BottleneckOutput = self._bottleneck(tokens)
        contributions = self._bottleneck.contributions(output.scores)
        decided = time.perf_counter()
        maps = gradcam_maps(self._bottleneck, output.patches, output.assignment, output.concepts)
        found = _Arrays(
            logits=_array(output.logits),
            probabilities=_array(output.logits.softmax(-1)),
            scores=_array(output.scores),
            option_probabilities=_array(option_probabilities(output.scores, self.checkpoint.concept_set.group_slices)),
            contributions=_array(contributions),
            index_maps=output.index_map.cpu().numpy(),
            magnet=_array(output.assignment.transpose(1, 2)),
            gradcam=_array(maps),
            distances=_array(output.distances.mean(-1)),
            tokens=_array(output.patches),
        )
        mapped = time.perf_counter()
        timings = {"encoder": encoded - prepared, "head": decided - encoded, "maps": mapped - decided}
        milliseconds = {step: seconds * 1e3 for step, seconds in timings.items()}
        normalised = (prepared - start) * 1e3
        return [
            self._explanation(found, row, square, {"preprocess": square.milliseconds + normalised} | milliseconds)
            for row, square in enumerate(squares)
        ]

    @torch.inference_mode()
    def encode(self, squares: Sequence[Square]) -> Tensor:
        """(B, L, D) float32 tokens alone: what an explanation must cost at least."""
        return self._encode(self._normalised(squares))

    def _normalised(self, squares: Sequence[Square]) -> Tensor:
        return normalise(np.stack([square.pixels for square in squares]), self.checkpoint.config.preprocessing)

    def _encode(self, inputs: Tensor) -> Tensor:
        images = inputs.to(self._device, self._dtype).contiguous(memory_format=torch.channels_last)
        tokens: Tensor = self._encoder(images).float()
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)  # so that the timing is the encoder's
        return tokens

    def _explanation(self, found: _Arrays, row: int, square: Square, milliseconds: dict[str, float]) -> Explanation:
        config, concepts = self.checkpoint.config, self.checkpoint.concept_set
        rows, columns = config.grid
        index_map = found.index_maps[row].reshape(rows, columns)
        return Explanation(
            class_keys=concepts.class_keys,
            class_names=concepts.class_names,
            predicted_class=concepts.class_keys[int(found.probabilities[row].argmax())],
            logits=found.logits[row],
            probabilities=found.probabilities[row],
            bias=self._bias,
            option_ids=concepts.option_ids,
            scores=found.scores[row],
            option_probabilities=found.option_probabilities[row],
            contributions=found.contributions[row],
            group_keys=concepts.group_keys,
            grid=config.grid,
            index_map=index_map,
            codes=self._codes(index_map),
            magnet=found.magnet[row].reshape(-1, rows, columns).copy(),
            gradcam=found.gradcam[row].reshape(-1, rows, columns).copy(),
            region=square.region,
            familiarity=self._familiarity(float(found.distances[row])),
            timings_ms=milliseconds,
            tokens=found.tokens[row].copy(),  # who keeps one image keeps not the whole batch
        )

    def _codes(self, index_map: np.ndarray) -> tuple[CodeUse, ...]:
        measured = self.checkpoint.statistics.codes
        counts = np.bincount(index_map.reshape(-1), minlength=len(measured))
        return tuple(
            CodeUse(index, code.group_key, code.association, int(counts[index])) for index, code in enumerate(measured)
        )

    def _familiarity(self, squared: float) -> Familiarity:
        """Of the mean squared distance of the tokens to their codes."""
        distance = squared / self.checkpoint.config.token_width
        return Familiarity(distance, self.checkpoint.statistics.percentile(distance))

    @torch.inference_mode()
    def _use_bfloat16(self, *, required: bool) -> None:
        """Converts the encoder, unless its tokens of a probe image then differ too much."""
        generator = torch.Generator().manual_seed(0)
        probe = torch.rand(1, 3, self._image_size, self._image_size, generator=generator) * 2 - 1
        reference = self._encode(probe)
        state = {key: value.clone() for key, value in self._encoder.state_dict().items()}
        to_bfloat16(self._encoder)
        self._dtype = torch.bfloat16
        cosine = float(F.cosine_similarity(reference, self._encode(probe), dim=-1).mean())
        if cosine >= _PARITY:
            return
        if required:
            raise ValueError(f"bfloat16 changes this encoder too much (token cosine {cosine:.4f}); use float32")
        self._encoder.float().load_state_dict(state)
        self._dtype = torch.float32


def _digest(encoder: nn.Module) -> str:
    """Of architecture and weights."""
    found = sha256(repr(encoder).encode())
    for name, value in encoder.state_dict().items():
        found.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        found.update(value.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return found.hexdigest()


def to_bfloat16(encoder: nn.Module) -> nn.Module:
    """Converts an encoder in place, leaving batch-norm statistics in float32 (bf16 would round them coarsely)."""
    encoder.to(torch.bfloat16)
    for module in encoder.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.float()
    return encoder


def option_probabilities(scores: Tensor, groups: Sequence[slice]) -> Tensor:
    """Softmax within each group; sigmoid for a group of one option.

    Args:
        scores: (B, O).
        groups: the columns of each group, covering O.

    Returns:
        (B, O).
    """
    parts = [
        scores[:, group].sigmoid() if group.stop - group.start == 1 else scores[:, group].softmax(-1)
        for group in groups
    ]
    return torch.cat(parts, dim=1)


def _array(tensor: Tensor) -> FloatArray:
    return tensor.detach().float().cpu().numpy()
