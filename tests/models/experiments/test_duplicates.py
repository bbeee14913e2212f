"""What leaking is worth, on answers made for it, and the whole on two imports of drawn pictures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError
from typer.testing import CliRunner

from backend.cli.main import app
from models.data.adapters.registry import find_adapter
from models.data.importing import ImportOptions, import_dataset
from models.experiments.duplicates.figures import duplicates
from models.experiments.duplicates.measures import Side, measure_duplicates
from models.experiments.duplicates.settings import DuplicatesConfig
from models.experiments.suite import runs as runs_module
from tests.support.checkpoints import drawn_here
from tests.support.scans import CHANGES, scan

CLASSES = ("mel", "nv")


def side(keys: list[str], right: list[bool], marked: list[bool], clusters: Any = None, seeds: int = 1) -> Side:
    """Answers of models of two classes, right or wrong as wanted."""
    count = len(keys)
    classes = np.arange(count) % 2
    said = np.where(right, classes, 1 - classes)
    logits: NDArray[np.float64] = 4.0 * np.eye(2)[said]
    numbers = np.arange(count) if clusters is None else np.asarray(clusters)
    return Side(tuple(keys), classes, numbers, np.array(marked, np.bool_), (logits,) * seeds)


def test_what_leaking_is_worth_by_hand() -> None:
    names = [f"i{number}" for number in range(12)]
    # Apart: 8 tested, two of them with a copy beside them; right in 4 of 8, of these two in 1.
    apart = side(names[:8], [True, False, True, False, True, True, False, False], [True, True] + [False] * 6)
    # Leaking: the last eight; four leak and are right, of the others 1 of 4.
    leaking = side(names[4:], [True, True, True, True, True, False, False, False], [True] * 4 + [False] * 4, seeds=2)
    found = measure_duplicates(apart, leaking, resamples=200)
    assert found.apart.all["accuracy"].value == 0.5
    assert found.leaking.all["accuracy"].value == 5 / 8
    assert found.difference["accuracy"].value == pytest.approx(1 / 8)
    assert (found.leaking.parts["marked"].value, found.leaking.parts["marked"].n) == (1.0, 4)
    assert (found.leaking.parts["others"].value, found.leaking.without["accuracy"].value) == (0.25, 0.25)
    assert found.leaking.parts["gain"].value == 0.75
    assert found.apart.parts["gain"].value == pytest.approx(1 / 2 - 3 / 6)
    assert found.excess.value == pytest.approx(0.75)
    # i4 to i7 are tested by both and leak: all right against 2 of 4.
    assert (found.same_leaking.value, found.same_leaking.n) == (0.5, 4)
    assert found.same_others.value is None
    assert (found.leaking.spread["accuracy"].n, found.leaking.spread["accuracy"].sd) == (2, 0)
    assert duplicates(found).axes


def test_no_image_leaks() -> None:
    names = [f"i{number}" for number in range(6)]
    same = side(names, [True] * 6, [False] * 6)
    found = measure_duplicates(same, same, resamples=100)
    assert found.difference["bmac"].value == 0
    assert (found.excess.value, found.same_leaking.value) == (None, None)
    assert (found.same_others.value, found.same_others.n) == (0, 6)
    assert found.to_json()["excess"]["low"] is None
    assert duplicates(found).axes


def test_near_duplicates_are_drawn_together() -> None:
    names = [f"i{number}" for number in range(80)]
    right = [number < 40 for number in range(80)]
    alone = measure_duplicates(*[side(names, right, right)] * 2, resamples=400)
    pairs = measure_duplicates(*[side(names, right, right, np.arange(80) // 8)] * 2, resamples=400)

    def width(one: Any) -> float:
        return float(one.high - one.low)

    assert width(pairs.apart.all["accuracy"]) > 2 * width(alone.apart.all["accuracy"])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder with two imports of 64 pictures, every one of which stands there twice."""
    folder = tmp_path_factory.mktemp("duplicates")
    for number, name in enumerate(CLASSES):
        (folder / "in" / name).mkdir(parents=True)
        for index in range(16):
            picture = scan(16 * number + index)
            Image.fromarray(picture).save(folder / "in" / name / f"{index}.png")
            Image.fromarray(CHANGES["turned 3 degrees"](picture)).save(folder / "in" / name / f"{index} again.png")
    for name, ignored in (("apart", False), ("leaking", True)):
        options = ImportOptions((0.5, 0.2, 0.3), concept_set="isic2018", workers=1, ignore_duplicates=ignored)
        import_dataset(find_adapter("folder"), folder / "in", folder / name, name, options)
    return folder


def design(model: Path, folder: Path, **changes: Any) -> dict[str, Any]:
    """A training of seconds."""
    return {
        "name": "tiny", "data": {"kind": "imported", "folder": str(folder)},
        "encoder": f"local-dir:{model.parent}/encoder", "device": "cpu", "bf16": "off", "epochs": 1, "keep": "last",
        "batch_size": 8, "workers": 1,
    } | changes  # fmt: skip


def run(content: dict[str, Any], folder: Path) -> tuple[int, str]:
    path = folder / "settings.yaml"
    path.write_text(yaml.safe_dump(content))
    with drawn_here():
        result = CliRunner().invoke(app, ["experiment", "duplicates", str(path), "--out", str(folder / "out")])
    return result.exit_code, result.output


def test_both_imports_are_trained_on_once(
    data: Path, drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {
        "design": design(drawn_model, data / "apart"),
        "leaking": str(data / "leaking"),
        "seeds": [0, 1],
        "resamples": 100,
    }
    code, output = run(content, tmp_path)
    assert code == 0, output
    assert "64 of 64 images have a near-duplicate" in output
    out = tmp_path / "out"
    runs = sorted(path.name for path in (out / "runs").iterdir())
    assert runs == ["apart-seed0", "apart-seed1", "leaking-seed0", "leaking-seed1"]
    first = json.loads((out / "duplicates.json").read_text("utf-8"))
    assert first["leaking"]["marked"] > 0
    assert len(first["apart"]["seeds"]["bmac"]) == 2
    assert {"duplicates.csv", "duplicates-parts.csv", "duplicates-runs.csv", "duplicates.png"} <= {
        path.name for path in out.iterdir()
    }
    card = (out / "runs" / "leaking-seed0" / "MODEL_CARD.md").read_text("utf-8")
    assert "near-duplicates not kept apart" in card

    monkeypatch.setattr(runs_module, "train", lambda *_, **__: pytest.fail("trained again"))
    assert run(content, tmp_path)[0] == 0
    second = json.loads((out / "duplicates.json").read_text("utf-8"))
    assert second["difference"] == first["difference"]


@pytest.mark.parametrize(
    ("apart", "leaking", "words"),
    [
        ("apart", "apart", "must be imported with --ignore-duplicates"),
        ("leaking", "leaking", "must be imported with --ignore-duplicates"),
        ("apart", "none", "holds no imported data set"),
    ],
    ids=["both apart", "both leak", "none"],
)
def test_imports_that_do_not_fit(
    apart: str, leaking: str, words: str, data: Path, drawn_model: Path, tmp_path: Path
) -> None:
    content = {"design": design(drawn_model, data / apart), "leaking": str(data / leaking), "seeds": [0]}
    code, output = run(content, tmp_path)
    assert code == 2
    assert words in " ".join(output.split())


def test_imports_with_other_fractions_or_images(data: Path, drawn_model: Path, tmp_path: Path) -> None:
    (tmp_path / "fewer").mkdir()
    options = ImportOptions((0.6, 0.1, 0.3), concept_set="isic2018", workers=1, ignore_duplicates=True)
    import_dataset(find_adapter("folder"), data / "in", tmp_path / "other", "other", options)
    content = {"design": design(drawn_model, data / "apart"), "leaking": str(tmp_path / "other"), "seeds": [0]}
    code, output = run(content, tmp_path)
    assert code == 2
    assert "have other fractions" in " ".join(output.split())


@pytest.mark.parametrize(
    "changes",
    [
        {"seeds": [0, 0]},
        {"seeds": []},
        {"design": {"name": "x", "data": {"name": "synthetic-ultrasound"}}},
        {"design": {"name": "x", "data": {"kind": "imported", "folder": "a", "test_folder": "b"}}},
    ],
    ids=["twice", "none", "drawn", "tested elsewhere"],
)
def test_settings_that_are_refused(changes: dict[str, Any]) -> None:
    content = {"design": {"name": "x", "data": {"kind": "imported", "folder": "a"}}, "leaking": "b"} | changes
    with pytest.raises(ValidationError, match=r"seeds|design"):
        DuplicatesConfig.model_validate(content)
