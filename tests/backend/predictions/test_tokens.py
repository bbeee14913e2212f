"""Tokens come back bit for bit; in half the room where they have no lower half."""

from __future__ import annotations

import numpy as np
import pytest

from backend.predictions.tokens import pack_tokens, unpack_tokens


@pytest.mark.parametrize("half", [False, True])
def test_they_come_back_bit_for_bit(half: bool) -> None:
    tokens = (np.random.default_rng(0).normal(size=(196, 192)) * 1e3).astype(np.float32)
    tokens[0, :3] = (0.0, -0.0, 1e-40)
    if half:
        tokens = (tokens.view(np.uint32) & 0xFFFF0000).view(np.float32)
    packed = pack_tokens(tokens)
    assert np.array_equal(unpack_tokens(packed).view(np.uint32), tokens.view(np.uint32))
    assert len(packed) == pytest.approx(tokens.size * (2 if half else 4), abs=200)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        pack_tokens(np.array([[value]], np.float32))
