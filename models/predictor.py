"""From an image to an explained prediction, in one pass of the encoder.

Shapes: B images, L patches, D token width, K groups, O options, C classes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from models.cbm.network import BottleneckOutput
from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.devices import choose_device, has_fast_bfloat16
from models.explain.gradcam import gradcam_maps
from models.explanation import CodeUse, Explanation, Familiarity, FloatArray
from models.preprocessing import prepare

# Below this cosine between the bf16 and the float32 tokens of a probe image, bf16 is not used.
_PARITY = 0.995


class Predictor:
    """A trained model ready to explain images.

    The encoder runs in bf16 where the hardware multiplies bf16 matrices and a parity check at start allows it;
    everything after it runs in float32. Not thread-safe in the sense of speed: torch uses all its threads for one
    call, so callers should send one image (or batch) at a time.

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
        self._encoder: nn.Module = network.encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._image_size = network.image_size
        self._dtype = torch.float32
        if precision == "bfloat16" or (precision == "auto" and has_fast_bfloat16(self._device)):
            self._use_bfloat16(required=precision == "bfloat16")

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

    @torch.inference_mode()
    def explain(self, image: Image.Image) -> Explanation:
        """Explains one image.

        Args:
            image: any Pillow image.

        Returns:
            Class probabilities, option scores with exact contributions, index map, Magnet maps and Grad-CAM of
            every option.
        """
        start = time.perf_counter()
        inputs, region = prepare(image, self._image_size, self.checkpoint.config.preprocessing)
        prepared = time.perf_counter()
        tokens = self._encode(inputs)
        encoded = time.perf_counter()
        output: BottleneckOutput = self._bottleneck(tokens)
        contributions = self._bottleneck.contributions(output.scores)
        decided = time.perf_counter()
        maps = gradcam_maps(self._bottleneck, output.patches, output.assignment, output.concepts)
        gradcam = _array(maps[0])
        mapped = time.perf_counter()
        timings = {
            "preprocess": prepared - start,
            "encoder": encoded - prepared,
            "head": decided - encoded,
            "maps": mapped - decided,
        }
        milliseconds = {step: seconds * 1000.0 for step, seconds in timings.items()}
        return self._explanation(output, contributions, gradcam, region=region, timings_ms=milliseconds)

    def _encode(self, inputs: Tensor) -> Tensor:
        images = inputs.to(self._device, self._dtype).contiguous(memory_format=torch.channels_last)
        tokens: Tensor = self._encoder(images).float()
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)  # so that the timing is the encoder's
        return tokens

    def _explanation(
        self, output: BottleneckOutput, contributions: Tensor, gradcam: FloatArray, **rest: object
    ) -> Explanation:
        config, concepts = self.checkpoint.config, self.checkpoint.concept_set
        rows, columns = config.grid
        probabilities = _array(output.logits[0].softmax(-1))
        index_map = output.index_map[0].cpu().numpy().reshape(rows, columns)
        return Explanation(
            class_keys=concepts.class_keys,
            class_names=concepts.class_names,
            predicted_class=concepts.class_keys[int(probabilities.argmax())],
            logits=_array(output.logits[0]),
            probabilities=probabilities,
            bias=_array(self._bottleneck.head.bias),
            option_ids=concepts.option_ids,
            scores=_array(output.scores[0]),
            option_probabilities=_array(option_probabilities(output.scores, concepts.group_slices)[0]),
            contributions=_array(contributions[0]),
            group_keys=tuple(group.key for group in concepts.groups),
            grid=config.grid,
            index_map=index_map,
            codes=self._codes(index_map),
            magnet=_array(output.assignment[0].t()).reshape(-1, rows, columns),
            gradcam=gradcam.reshape(-1, rows, columns),
            familiarity=self._familiarity(output.distances[0]),
            tokens=_array(output.patches[0]),
            **rest,  # type: ignore[arg-type]
        )

    def _codes(self, index_map: np.ndarray) -> tuple[CodeUse, ...]:
        measured = self.checkpoint.statistics.codes
        counts = np.bincount(index_map.reshape(-1), minlength=len(measured))
        return tuple(
            CodeUse(index, code.group_key, code.association, int(counts[index])) for index, code in enumerate(measured)
        )

    def _familiarity(self, distances: Tensor) -> Familiarity:
        distance = float(distances.mean()) / self.checkpoint.config.token_width
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
