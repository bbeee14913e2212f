"""The patch tokens of a prediction as a file, without loss.

Encoders that compute in bf16 give numbers whose lower 16 bits are zero; then only the upper half is kept.

Shapes: L patches, D token width.
"""

from __future__ import annotations

import io

import numpy as np

from models.explanation import FloatArray

_LITTLE_FLOAT, _LITTLE_WORD = np.dtype("<f4"), np.dtype("<u4")


def pack_tokens(tokens: FloatArray) -> bytes:
    """Tokens (L, D) as a ``.npy`` file. Raises ValueError for values that are not finite."""
    if not np.isfinite(tokens).all():
        raise ValueError("the tokens hold values that are not finite")
    words = np.ascontiguousarray(tokens, _LITTLE_FLOAT).view(_LITTLE_WORD)
    halves = not np.any(words & 0xFFFF)
    stream = io.BytesIO()
    np.save(stream, (words >> 16).astype("<u2") if halves else words.view(_LITTLE_FLOAT), allow_pickle=False)
    return stream.getvalue()


def unpack_tokens(content: bytes) -> FloatArray:
    """Reads what ``pack_tokens`` wrote, bit for bit; never unpickles."""
    stored = np.load(io.BytesIO(content), allow_pickle=False)
    if stored.dtype == np.uint16:
        stored = (stored.astype(_LITTLE_WORD) << 16).view(_LITTLE_FLOAT)
    tokens: FloatArray = stored.astype(np.float32)
    return tokens
