"""Which device a worker takes, without asking torch."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker import devices


@pytest.fixture
def gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one graphics card, and torch built for it."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (tmp_path / "gpus" / "0000:01:00.0").mkdir(parents=True)
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "version.py").write_text("from typing import Optional\ncuda: Optional[str] = '13.0'\n")

    class Spec:
        origin = str(tmp_path / "torch" / "__init__.py")

    monkeypatch.setattr(devices, "find_spec", lambda _: Spec)
    return tmp_path / "gpus"


def test_a_graphics_card_is_taken_where_torch_can_use_it(gpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert devices.for_children("auto", gpus) == "auto"
    assert devices.for_people("auto", gpus).endswith(" cuda:0")
    assert devices.for_people("cuda", gpus) == devices.for_people("cuda:0", gpus)
    assert devices.for_people("cuda:1", gpus) != devices.for_people("cuda:0", gpus)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert devices.for_children("auto", gpus) == "cpu"


def test_without_one_it_is_the_processor(gpus: Path, tmp_path: Path) -> None:
    assert devices.for_children("auto", tmp_path / "none") == "cpu"
    (tmp_path / "torch" / "version.py").write_text("cuda: Optional[str] = None\n")
    assert devices.for_children("auto", gpus) == "cpu"
    assert devices.for_people("auto", gpus).endswith(" cpu")


def test_a_setting_is_taken_at_its_word(tmp_path: Path) -> None:
    assert devices.for_children("cuda:1", tmp_path) == "cuda:1"
    assert devices.for_people("cpu", tmp_path).endswith(" cpu")
