"""The one pickle format that is read: a batch of CIFAR, by an unpickler that can make nothing but data.

Unpickling runs whatever a file names. Here a file can name four things, and each stands for a function of this module
that only stores what it is given: no code of numpy or of anything else is called on the content.
"""

from __future__ import annotations

import codecs
import io
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from models.data.errors import DataError

# 155 MB is the largest file of CIFAR-100
MAX_BYTES = 250_000_000


class PickledArray:
    """What a pickled numpy array holds, before anybody believes it.

    Attributes:
        shape: as it says.
        code: of its type, such as "u1".
        data: its bytes.
    """

    def __init__(self, *_: object) -> None:
        self.shape: tuple[int, ...] = ()
        self.code = ""
        self.data = b""

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        """Stores numpy's state: version, shape, type, Fortran order, bytes."""
        _, shape, kind, fortran, data = state
        if fortran or not isinstance(kind, _PickledType) or not isinstance(data, bytes):
            raise pickle.UnpicklingError("not an array as CIFAR has them")
        self.shape, self.code, self.data = tuple(shape), kind.code, data


class _PickledType:
    def __init__(self, code: object = "", *_: object) -> None:
        self.code = code.decode("ascii") if isinstance(code, bytes) else str(code)

    def __setstate__(self, state: object) -> None:
        """Byte order and alignment: of no meaning for bytes."""


def _encode(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes in the old protocol that CIFAR uses."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"encoding {encoding!r}")
    return codecs.encode(text, "latin1")


_KNOWN: Mapping[tuple[str, str], Callable[..., Any]] = {
    ("numpy.core.multiarray", "_reconstruct"): PickledArray,
    ("numpy._core.multiarray", "_reconstruct"): PickledArray,
    ("numpy", "ndarray"): PickledArray,
    ("numpy", "dtype"): _PickledType,
    ("_codecs", "encode"): _encode,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Admits the names of a pickled numpy array, and nothing else."""
        try:
            return _KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it names {module}.{name}, which no file of CIFAR does") from None

    def persistent_load(self, pid: object) -> Any:
        """Refuses references to outside."""
        raise pickle.UnpicklingError(f"it refers to {pid!r} outside of it")


def read_batch(path: Path) -> dict[str, Any]:
    """Reads a file of CIFAR's python version.

    Returns:
        Its dictionary; arrays are ``PickledArray``, texts of Python 2 are bytes.

    Raises:
        DataError: if the file is missing, damaged, too large, or names anything that CIFAR does not.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(f"{path}: larger than {MAX_BYTES // 1_000_000} MB, which no file of CIFAR is")
        content = _Unpickler(io.BytesIO(path.read_bytes()), encoding="bytes").load()
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except DataError:
        raise
    except Exception as error:  # a damaged pickle can raise anything, and nothing of it was run
        raise DataError(f"{path}: cannot be read as a file of CIFAR ({error})") from error
    if not isinstance(content, dict):
        raise DataError(f"{path}: holds a {type(content).__name__}, not the dictionary that a file of CIFAR is")
    return {key.decode("latin1") if isinstance(key, bytes) else str(key): value for key, value in content.items()}
