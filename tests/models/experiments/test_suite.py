"""Trainings of variants: which there are, that finished ones stay, and what is said of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from matplotlib.patches import Rectangle
from pydantic import ValidationError
from typer.testing import CliRunner

from backend.cli.main import app
from models.checkpoint import Checkpoint
from models.experiments.findings import Table
from models.experiments.spread import Estimate, Spread
from models.experiments.suite import runs as runs_module
from models.experiments.suite.figures import codebook_sizes, rank_dynamics
from models.experiments.suite.measures import FIGURES, Measured
from models.experiments.suite.settings import FULL, TABLES, VARIANTS, SuiteConfig
from models.experiments.suite.tables import table, verdict
from models.train import TrainConfig, train
from tests.support.checkpoints import drawn_here

NAME = "training-suite"


def design(model: Path) -> dict[str, Any]:
    """A training of seconds."""
    return {
        "name": "tiny", "data": {"train": 64, "validation": 64, "test": 64},
        "encoder": f"local-dir:{model.parent}/encoder", "device": "cpu", "bf16": "off", "epochs": 2, "keep": "last",
    }  # fmt: skip


def settings(path: Path, model: Path, **changes: object) -> Path:
    content = {"design": design(model), "tables": ["quantization"], "seeds": [0, 1], "resamples": 100} | changes
    path.write_text(yaml.safe_dump(content))
    return path


def run(config: Path, out: Path) -> tuple[int, str]:
    with drawn_here():
        result = CliRunner().invoke(app, ["experiment", NAME, str(config), "--out", str(out)])
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def finished(drawn_model: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """Settings, folder and print of a suite of four trainings."""
    folder = tmp_path_factory.mktemp("suite")
    config = settings(folder / "suite.yaml", drawn_model)
    code, output = run(config, folder / "out")
    assert code == 0, output
    return config, folder / "out", output


def test_a_suite_trains_every_variant_with_every_seed(finished: tuple[Path, Path, str]) -> None:
    _, out, output = finished
    assert sorted(path.name for path in (out / "runs").iterdir()) == [
        "explicit-seed0", "explicit-seed1", "full-seed0", "full-seed1",
    ]  # fmt: skip
    content = json.loads((out / f"{NAME}.json").read_text("utf-8"))
    assert content["test"] == {"dataset": "synthetic-dermoscopy", "synthetic": True, "images": 64}
    full, explicit = content["variants"]
    assert (full["variant"], explicit["variant"]) == ("full", "explicit")
    for place, seed in enumerate((0, 1)):
        metrics = json.loads((out / "runs" / f"explicit-seed{seed}" / "metrics.json").read_text("utf-8"))
        assert explicit["figures"]["bmac"]["seeds"][place] == pytest.approx(metrics["test"]["class_bmac"])
        assert explicit["figures"]["concept_bmac"]["seeds"][place] == pytest.approx(metrics["test"]["concept_bmac"])
        assert explicit["runs"][place]["rank_validation"] == [one["rank"]["validation"] for one in metrics["epochs"]]
        assert metrics["training"]["settings"]["quantization"] == "explicit"
    means = [np.mean(one["figures"]["bmac"]["seeds"]) for one in (full, explicit)]
    apart = explicit["figures"]["bmac"]["difference_to_full"]
    assert apart["value"] == pytest.approx(means[1] - means[0])
    assert apart["low"] <= apart["value"] <= apart["high"]
    by_seed = np.subtract(explicit["figures"]["bmac"]["seeds"], full["figures"]["bmac"]["seeds"])
    assert explicit["figures"]["bmac"]["difference_by_seed"] == {
        "mean": pytest.approx(by_seed.mean()), "sd": pytest.approx(by_seed.std(ddof=1)), "n": 2,
    }  # fmt: skip
    assert full["figures"]["bmac"]["difference_to_full"] is None
    assert full["figures"]["bmac"]["difference_by_seed"] is None
    assert "explicit quantization" in output
    assert "64 test images, 2 seeds each" in output
    assert (out / "quantization.csv").is_file()


def test_finished_trainings_stay(finished: tuple[Path, Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    config, out, output = finished
    before = {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*")}
    monkeypatch.setattr(runs_module, "train", lambda *_a, **_k: pytest.fail("it was trained again"))
    monkeypatch.setattr(runs_module, "score_images", lambda *_a, **_k: pytest.fail("it was scored again"))
    code, again = run(config, out)
    assert code == 0
    table = again[again.index("Explicit") : again.index("Written")]
    assert table in output
    assert before == {path: path.stat().st_mtime_ns for path in out.glob("runs/*/*")}


def test_what_is_missing_is_trained(
    finished: tuple[Path, Path, str], drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out, _ = finished
    shutil.copytree(out, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / "runs" / "explicit-seed1")
    trained: list[str] = []

    def noted(config: TrainConfig, *arguments: Any, **rest: Any) -> Checkpoint:
        trained.append(config.name)
        return train(config, *arguments, **rest)

    monkeypatch.setattr(runs_module, "train", noted)
    code, output = run(settings(tmp_path / "suite.yaml", drawn_model), tmp_path / "out")
    assert (code, trained) == (0, ["tiny-explicit-1"]), output


def test_other_settings_need_another_folder(
    finished: tuple[Path, Path, str], drawn_model: Path, tmp_path: Path
) -> None:
    _, out, _ = finished
    config = settings(tmp_path / "suite.yaml", drawn_model, design=design(drawn_model) | {"beta": 0.4})
    code, output = run(config, out)
    assert code == 2
    assert "other settings (beta)" in output


def test_it_needs_a_folder(drawn_model: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["experiment", NAME, str(settings(tmp_path / "suite.yaml", drawn_model))])
    assert result.exit_code == 2
    assert "give --out" in result.output


def test_every_table_is_of_known_variants(drawn_model: Path) -> None:
    assert {name for names in TABLES.values() for name in names} == set(VARIANTS)
    config = SuiteConfig.model_validate({"design": design(drawn_model)})
    trainings = {name: config.training(name, 3) for name in config.names}
    assert config.names[0] == FULL
    assert trainings["beta-0.1"].beta == 0.1
    assert trainings["codes-20K"].code_count(7) == 140
    assert trainings["neither"].aggregation == "global"
    assert {one.seed for one in trainings.values()} == {3}
    assert len({one.name for one in trainings.values()}) == len(trainings)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seeds": [1, 1]}, "one is there twice"),
        ({"variants": {"wide": {"width": 3}}}, "variant wide: width"),
        ({"tables": ["everything"]}, "tables"),
        ({"variants": {"no-ivq": {"beta": -1}}}, "variant no-ivq: beta"),
    ],
    ids=["seed twice", "no setting", "no table", "out of range"],
)
def test_suites_that_cannot_be_trained(drawn_model: Path, changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        SuiteConfig.model_validate({"design": design(drawn_model)} | changes)


def measured(variant: str, bmac: float, apart: Estimate | None) -> Measured:
    extra = {
        "seed": 0, "minutes": 1.0, "pointing_gradcam": 0.5, "pointing_magnet": None, "codes_used": 3,
        "rank_train": [10.0, 12.0], "rank_validation": [9.0, 11.0],
    }  # fmt: skip
    spread = dict.fromkeys(FIGURES, Spread(bmac, 0.01, 2))
    estimate = dict.fromkeys(FIGURES, Estimate(bmac, bmac - 0.1, bmac + 0.1, 59))
    values: dict[str, list[float | None]] = {key: [bmac, bmac] for key in FIGURES}
    difference = {} if apart is None else dict.fromkeys(FIGURES, apart)
    by_seed = {} if apart is None else dict.fromkeys(FIGURES, Spread(apart.value, 0.02, 2))
    return Measured(variant, values, spread, estimate, difference, by_seed, [extra, extra | {"seed": 1}])


def test_a_row_of_the_table() -> None:
    found = table(
        "quantization",
        {FULL: measured(FULL, 0.8, None), "explicit": measured("explicit", 0.6, Estimate(-0.2, -0.3, -0.1, 59))},
    )
    assert isinstance(found, Table)
    assert found.rows[0] == {
        "variant": "explicit quantization", "seeds": 2, "acc": "60.00 ± 1.00", "bmac": "60.00 ± 1.00",
        "concept_bmac": "60.00 ± 1.00", "difference": "-0.200 (-0.300 to -0.100)", "by_seed": "-0.200 ± 0.020",
        "concept_difference": "-0.200 (-0.300 to -0.100)", "rank": "11.0", "verdict": "yes, worse",
    }  # fmt: skip
    assert found.rows[1]["difference"] == "–"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.3, -0.1, "yes, worse"), (0.1, 0.3, "yes, better"), (-0.1, 0.1, "no"), (None, None, "no interval")],
    ids=["below", "above", "across", "none"],
)
def test_the_verdict_follows_the_interval(low: float | None, high: float | None, said: str) -> None:
    assert verdict(measured("explicit", 0.6, Estimate(0.0, low, high, 59))) == said


def test_figures_show_what_was_measured() -> None:
    all_of_them = {name: measured(name, 0.1 * place, None) for place, name in enumerate(VARIANTS)}
    bars = codebook_sizes(all_of_them).axes[0].patches
    order = [list(VARIANTS).index(name) for name in TABLES["codebook-size"]]
    assert [bar.get_height() for bar in bars[:5] if isinstance(bar, Rectangle)] == pytest.approx(
        [10.0 * place for place in order]
    )
    lines = rank_dynamics(all_of_them, TABLES["ablation"], "With and without IVQ").axes[0].lines
    assert len(lines) == 2 * len(TABLES["ablation"])
    assert list(lines[0].get_ydata()) == [10.0, 12.0]
    assert list(lines[1].get_ydata()) == [9.0, 11.0]
