"""What a full disk is when safetensors meets it."""

from __future__ import annotations

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from models.tensors import write_tensors


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may become larger, which fails as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    write_tensors(path, {"a": torch.ones(4)}, {"of": "a test"})
    with largest_file(1000), pytest.raises(OSError, match="File too large") as caught:
        write_tensors(path, {"a": torch.zeros(1000)})
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(path))
    assert load_file(path)["a"].tolist() == [1.0] * 4  # the one before
    assert [each.name for each in tmp_path.iterdir()] == ["a.safetensors"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_tensors(tmp_path / "no" / "a.safetensors", {"a": torch.ones(4)})


def test_another_fault_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises((SafetensorError, RuntimeError, ValueError)):
        write_tensors(tmp_path / "a.safetensors", {"a": torch.ones(4).to_sparse()})
