"""Files that are almost right, through the process that decodes: each gets an answer, and the process goes on."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pydicom
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from PIL import Image

from backend.core.settings import Settings
from backend.intake.errors import IntakeError
from backend.intake.sandbox import Sandbox
from benchmarks.upload_fuzz.mutating import mutate
from tests.support.images import encoded, gradient

SHIPPED = Path(pydicom.__file__).parent / "data" / "test_files"
# One of each decoder: uncompressed, palette, RLE, JPEG, JPEG-LS, JPEG 2000, JPEG Lossless.
DICOM = (
    "CT_small.dcm", "examples_palette.dcm", "MR_small_RLE.dcm", "SC_rgb_jpeg_dcmtk.dcm", "JPEG-LL.dcm",
    "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "JPEG2000.dcm",
)  # fmt: skip


def _pages() -> bytes:
    stream = io.BytesIO()
    pages = [Image.fromarray(np.full((16, 16), value, np.uint16)) for value in (0, 4000)]
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    return stream.getvalue()


CORPUS = [
    *(encoded(gradient(), kind) for kind in ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "JPEG2000")),
    _pages(),
    *((SHIPPED / name).read_bytes() for name in DICOM if (SHIPPED / name).exists()),
]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    made = Sandbox(Settings(data_dir=tmp_path_factory.mktemp("any") / "data"))
    yield made
    made.stop()


def outcome(sandbox: Sandbox, path: Path, content: bytes) -> str:
    """The kind, or the sentence. Anything else that is raised fails the test."""
    path.write_bytes(content)
    try:
        with sandbox.decode(path) as decoded:
            assert decoded.account.width > 0
            return decoded.account.source_format.value
    except IntakeError as error:
        return str(error)


def test_every_codec_works_without_its_rights(sandbox: Sandbox, tmp_path: Path) -> None:
    found = [outcome(sandbox, tmp_path / "upload", content) for content in CORPUS]
    assert found == ["png", "jpeg", "tiff", "webp", "bmp", "jpeg2000", "tiff"] + ["dicom"] * (len(CORPUS) - 7)
    assert len(CORPUS) > 12


@given(seed=st.integers(0, 2**32))
@how(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_changed_files_get_an_answer(sandbox: Sandbox, tmp_path: Path, seed: int) -> None:
    content = mutate(CORPUS, random.Random(seed))
    said = outcome(sandbox, tmp_path / "upload", content)
    assert said.isprintable()
    assert len(said) >= 3
    before = set(sandbox.pids())
    assert len(before) == 1, "one process, asked one file at a time"
    with suppress(FileNotFoundError):
        assert list((sandbox._settings.intake_dir).iterdir()) == []
