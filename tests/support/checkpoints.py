"""A whole checkpoint that knows nothing but is made in seconds: a ViT of two blocks on drawn images of 64 pixels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from models.data.synthetic import processes
from models.torchvision_ops import ensure_torchvision_imports
from models.train import TrainConfig, initial_checkpoint

SIDE = 64
IMAGES = 64
_ENCODER = {
    "embed_dim": 8,
    "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1},
}


@contextmanager
def drawn_here() -> Iterator[None]:
    """Images are drawn in this process: of a few small ones, starting others takes longer than drawing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "_processors", lambda: 1)
        yield


def drawn_checkpoint(folder: Path) -> Path:
    """Makes the folder of an untrained model of procedural dermoscopy, validated on 64 images."""
    ensure_torchvision_imports()
    import open_clip  # noqa: PLC0415 (imports torchvision)

    encoder = folder / "encoder"
    encoder.mkdir(parents=True)
    torch.manual_seed(0)
    torch.save(open_clip.model.CLIP(**_ENCODER).state_dict(), encoder / "open_clip_pytorch_model.bin")
    (encoder / "open_clip_config.json").write_text(json.dumps({"model_cfg": _ENCODER}))
    config = TrainConfig.model_validate(
        {
            "name": "drawn",
            "data": {"train": IMAGES, "validation": IMAGES, "test": IMAGES},
            "encoder": f"local-dir:{encoder}",
            "device": "cpu",
            "bf16": "off",
        }
    )
    with drawn_here():
        return initial_checkpoint(config, folder / "drawn", images=IMAGES).folder
