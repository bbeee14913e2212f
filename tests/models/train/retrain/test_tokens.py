"""Tokens are computed once per encoder and images, exactly, and never half."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.encoders.loading import Preprocessing
from models.preprocessing import normalise
from models.train import TrainingCancelled
from models.train.inputs import encoder_input
from models.train.retrain.tokens import TokenCache

PLAIN = Preprocessing((0.5, 0.5, 0.5), (0.25, 0.25, 0.25), "longest")
IMAGES = np.random.default_rng(0).integers(0, 255, (70, 8, 8, 3), dtype=np.uint8)


class Counting(nn.Module):
    """Four patches of width three, and how many images were seen."""

    def __init__(self, weight: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))
        self.seen = 0

    def forward(self, images: Tensor) -> Tensor:
        self.seen += len(images)
        return self.weight * images.unfold(2, 4, 4).unfold(3, 4, 4).mean((-1, -2)).flatten(2).transpose(1, 2)


@pytest.mark.parametrize("halves", [True, False])
def test_they_are_what_the_encoder_gives(tmp_path: Path, halves: bool) -> None:
    encoder = Counting()
    told: list[tuple[int, int]] = []
    cache = TokenCache(tmp_path, encoder, PLAIN)
    found = cache.get(IMAGES, halves=halves, progress=lambda done, total: told.append((done, total)))
    assert found.values.shape == (70, 4, 3)
    assert found.values.dtype == (np.uint16 if halves else np.float32)
    assert told == [(32, 70), (64, 70), (70, 70)]
    expected = encoder(normalise(IMAGES, PLAIN)).detach()
    tolerance = 2**-7 if halves else 0
    torch.testing.assert_close(encoder_input(found.values, PLAIN), expected, rtol=tolerance, atol=tolerance)


def test_half_numbers_come_back_as_they_were_kept(tmp_path: Path) -> None:
    values = torch.randn(2, 3, 4).bfloat16()
    kept = values.view(torch.int16).numpy().view(np.uint16)
    assert torch.equal(encoder_input(kept, PLAIN), values.float())
    with pytest.raises(ValueError, match=r"expected tokens \(B, L, D\) float32 or uint16, got \(2, 3, 4\) float64"):
        encoder_input(values.double().numpy(), PLAIN)


def test_the_same_encoder_and_images_are_found_again(tmp_path: Path) -> None:
    first = TokenCache(tmp_path, Counting(), PLAIN).get(IMAGES, halves=False)
    encoder = Counting()
    again = TokenCache(tmp_path, encoder, PLAIN).get(IMAGES, halves=False)
    assert (first.reused, again.reused, encoder.seen) == (False, True, 0)
    assert np.array_equal(first.values, again.values)


@pytest.mark.parametrize("what", ["weights", "pixels", "preprocessing", "precision"])
def test_anything_else_is_computed_anew(tmp_path: Path, what: str) -> None:
    TokenCache(tmp_path, Counting(), PLAIN).get(IMAGES, halves=False)
    images = IMAGES.copy()
    images[69, 7, 7, 2] += 1
    preprocessing = Preprocessing((0.5, 0.5, 0.4), (0.25, 0.25, 0.25), "longest")
    cache = TokenCache(
        tmp_path, Counting(2.0 if what == "weights" else 1.0), preprocessing if what == "preprocessing" else PLAIN
    )
    assert not cache.get(images if what == "pixels" else IMAGES, halves=what == "precision").reused


def test_a_damaged_file_is_computed_anew(tmp_path: Path) -> None:
    cache = TokenCache(tmp_path, Counting(), PLAIN)
    whole = np.array(cache.get(IMAGES, halves=False).values)
    (path,) = tmp_path.glob("*/tokens.npy")
    path.write_bytes(path.read_bytes()[:-5])
    found = cache.get(IMAGES, halves=False)
    assert not found.reused
    assert np.array_equal(found.values, whole)


def test_cancelled_it_leaves_nothing(tmp_path: Path) -> None:
    asked = iter([False, True])
    with pytest.raises(TrainingCancelled):
        TokenCache(tmp_path, Counting(), PLAIN).get(IMAGES, halves=False, cancelled=lambda: next(asked))
    assert list(tmp_path.iterdir()) == []
