"""A whole training that takes a second: a ViT of two blocks on 32-pixel images, put where drawn ones are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
import yaml

from models.concepts import load_concept_set
from models.train import TrainConfig

SIDE = 32
TINY = {
    "embed_dim": 8,
    "vision_cfg": {"image_size": SIDE, "layers": 2, "width": 16, "head_width": 8, "patch_size": 8},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 8, "heads": 2, "layers": 1},
}


@dataclass(frozen=True)
class Tiny:
    """Folders of a tiny encoder and of tiny images."""

    folder: Path

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Settings of a training of three epochs with six steps each."""
        data = {"train": 64, "validation": 64, "test": 64, "cache": str(self.folder / "cache")}
        base = {
            "name": "tiny",
            "data": data,
            "encoder": f"local-dir:{self.folder / 'encoder'}",
            "epochs": 3,
            "batch_size": 10,
            "learning_rate": 0.002,
            "device": "cpu",
            "bf16": "off",
        }
        return base | changes

    def config(self, **changes: Any) -> TrainConfig:
        """The same, validated."""
        return TrainConfig.model_validate(self.settings(**changes))

    def file(self, **changes: Any) -> Path:
        """The same, as a file."""
        path = self.folder / f"settings-{len(list(self.folder.iterdir()))}.yaml"
        path.write_text(yaml.safe_dump(self.settings(**changes)))
        return path


def _write_encoder(folder: Path) -> None:
    folder.mkdir()
    torch.manual_seed(0)
    torch.save(open_clip.model.CLIP(**TINY).state_dict(), folder / "open_clip_pytorch_model.bin")
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": TINY}))


def _write_images(cache: Path, split: str, seed: int) -> None:
    """Images of a bright square on noise; its colour tells the class, its size the options."""
    concept_set = load_concept_set("isic2018")
    stream = np.random.default_rng(seed)
    count, classes = 64, len(concept_set.classes)
    folder = cache / f"synthetic-dermoscopy-{split}-{count}-{SIDE}"
    folder.mkdir(parents=True)
    labels = np.minimum(stream.geometric(0.35, count) - 1, classes - 1)  # rare classes and common ones
    labels[:classes] = np.arange(classes)
    images = stream.integers(0, 60, (count, SIDE, SIDE, 3), dtype=np.uint8)
    masks = np.zeros((count, 4, 14, 14), np.float32)
    options = np.zeros((count, concept_set.group_count), np.int64)
    for row, label in enumerate(labels):
        top, left = stream.integers(0, 16, 2)
        images[row, top : top + 12, left : left + 12] = 60 + 28 * int(label)
        masks[row, :, top * 14 // SIDE : (top + 12) * 14 // SIDE, left * 14 // SIDE : (left + 12) * 14 // SIDE] = 1.0
        options[row] = [int(label) % len(group.options) for group in concept_set.groups]
    options[1::5, 0] = -1
    arrays = {"images": images, "classes": labels.astype(np.int64), "options": options, "masks": masks}
    arrays["lesion"] = masks[:, 0]
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    (folder / "complete").touch()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    folder = tmp_path_factory.mktemp("tiny")
    _write_encoder(folder / "encoder")
    for seed, split in enumerate(("train", "validation", "test")):
        _write_images(folder / "cache", split, seed)
    return Tiny(folder)
