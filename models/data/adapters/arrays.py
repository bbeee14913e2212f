"""Images that are rows of an array file.

Shapes: N images, H rows, W columns.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from models.data.errors import DataError

# An array up to this size is unpacked once per process; a larger one is read through anew, row by row.
KEPT_BYTES = 256 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class PlanarImage:
    """Bytes in a file that are an image, one colour after the other, as in CIFAR.

    Attributes:
        path: the file.
        offset: where the image begins, in bytes.
        side: height and width.
    """

    path: Path
    offset: int
    side: int = 32

    def read(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB; ``DataError`` if the file is missing or ends before."""
        size = 3 * self.side * self.side
        try:
            with self.path.open("rb") as stream:
                stream.seek(self.offset)
                content = stream.read(size)
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read ({error})") from error
        if len(content) < size:
            raise DataError(f"{self.path}: ends within the image at byte {self.offset}")
        planes = np.frombuffer(content, dtype=np.uint8).reshape(3, self.side, self.side)
        return np.ascontiguousarray(planes.transpose(1, 2, 0))


@dataclass(frozen=True)
class ArrayMember:
    """What the head of an array in an .npz file says.

    Attributes:
        path: the .npz file.
        name: of the array.
        shape: (N, …).
        dtype: of its elements.
        start: bytes from the start of the member to the first element.
    """

    path: Path
    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[np.generic]
    start: int

    @property
    def row_bytes(self) -> int:
        """Size of one row."""
        return int(np.prod(self.shape[1:], dtype=np.int64)) * self.dtype.itemsize

    def load(self) -> NDArray[np.generic]:
        """The whole array; ``DataError`` if the file is damaged."""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(f"{self.name}.npy") as stream:
                stream.read(self.start)
                count = int(np.prod(self.shape, dtype=np.int64))
                content = stream.read(count * self.dtype.itemsize)
            return np.frombuffer(content, dtype=self.dtype, count=count).reshape(self.shape)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, MemoryError) as error:
            raise DataError(f"{self.path}: array '{self.name}' is damaged ({error})") from error


def members(path: Path) -> dict[str, ArrayMember]:
    """The arrays of an .npz file by name, without reading them.

    Raises:
        DataError: if it is no such file, or an array is of Python objects or in Fortran order.
    """
    found = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist():
                if not entry.endswith(".npy"):
                    continue
                name = entry.removesuffix(".npy")
                with archive.open(entry) as stream:
                    found[name] = _head(path, name, stream)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except DataError:
        raise
    except (OSError, ValueError, EOFError, SyntaxError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataError(f"{path}: cannot be read as an .npz file of arrays ({error})") from error
    return found


def _head(path: Path, name: str, stream: IO[bytes]) -> ArrayMember:
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, fortran, dtype = read(stream)
    if dtype.hasobject:
        raise DataError(f"{path}: array '{name}' holds Python objects, which are not read; save numbers or texts")
    if fortran and len(shape) > 1:
        raise DataError(f"{path}: array '{name}' is in Fortran order; save it with np.ascontiguousarray")
    return ArrayMember(path, name, shape, dtype, stream.tell())


@dataclass(frozen=True)
class NpzImage:
    """One row of an array of images in an .npz file.

    Attributes:
        path: the .npz file.
        name: of the array, (N, H, W), (N, H, W, 1) or (N, H, W, 3), uint8.
        index: of the row.
    """

    path: Path
    name: str
    index: int

    def read(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8 RGB; ``DataError`` if the file is missing or damaged.

        A small array is unpacked once. A large one is unpacked up to the row each time, unless the row stands behind
        the last one that was read: reading in order costs one pass in all, and memory for one row.
        """
        try:
            modified = self.path.stat().st_mtime_ns
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read ({error})") from error
        row = _reader(self.path, self.name, modified).row(self.index)
        grey = row[..., 0] if row.ndim == 3 and row.shape[2] == 1 else row
        return np.ascontiguousarray(np.repeat(grey[..., None], 3, axis=2) if grey.ndim == 2 else grey)


class _Reader:
    def __init__(self, member: ArrayMember) -> None:
        self._member = member
        self._whole: NDArray[np.generic] | None = None
        self._stream: IO[bytes] | None = None

    def row(self, index: int) -> NDArray[np.uint8]:
        member = self._member
        if member.dtype != np.uint8 or not 0 <= index < member.shape[0]:
            raise DataError(f"{member.path}: array '{member.name}' has no image {index}")
        if self._whole is None and member.row_bytes * member.shape[0] <= KEPT_BYTES:
            self._whole = member.load()
        if self._whole is not None:
            return np.asarray(self._whole[index], dtype=np.uint8)
        content = self._content(index)
        return np.frombuffer(content, dtype=np.uint8).reshape(member.shape[1:])

    def _content(self, index: int) -> bytes:
        member = self._member
        place = member.start + index * member.row_bytes
        try:
            if self._stream is None or self._stream.tell() > place:
                self._stream = zipfile.ZipFile(member.path).open(f"{member.name}.npy")  # noqa: SIM115 (kept open for the next row)
            while (left := place - self._stream.tell()) > 0:
                if not self._stream.read(min(left, _CHUNK)):
                    break
            content = self._stream.read(member.row_bytes)
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise DataError(f"{member.path}: array '{member.name}' is damaged ({error})") from error
        if len(content) < member.row_bytes:
            raise DataError(f"{member.path}: array '{member.name}' ends before image {index}")
        return content


@lru_cache(maxsize=4)
def _reader(path: Path, name: str, modified: int) -> _Reader:  # noqa: ARG001 (a changed file is another one)
    found = members(path)
    if name not in found:
        raise DataError(f"{path}: array '{name}' is missing")
    return _Reader(found[name])
