"""docs/training.md says what the code does: every setting with its default, every example, every figure."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from models.train import TrainConfig, train
from models.train.augment import POLICIES
from models.train.settings import Augmentation, Auxiliary, ImportedData, ProceduralData
from tests.models.train.conftest import Tiny

PATH = Path(__file__).parents[3] / "docs" / "training.md"
TEXT = PATH.read_text(encoding="utf-8")
KINDS: dict[str, type[BaseModel]] = {
    "setting": TrainConfig,
    "imported": ImportedData,
    "procedural": ProceduralData,
    "auxiliary": Auxiliary,
    "policy": Augmentation,
}


def _table(title: str) -> list[list[str]]:
    """Cells of the rows below a header whose first column has that title."""
    lines = TEXT.splitlines()
    (start,) = [index for index, line in enumerate(lines) if line.startswith(f"| {title} |")]
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


@pytest.mark.parametrize("title", KINDS)
def test_every_setting_stands_there_with_its_default(title: str) -> None:
    described = {row[0].strip("`"): row[1] for row in _table(title)}
    fields = KINDS[title].model_fields
    assert list(described) == list(fields)
    for name, field in fields.items():
        if field.is_required():
            assert described[name] == "required", name
        elif name != "data":
            assert yaml.safe_load(described[name]) == field.default, name


def test_every_example_can_be_trained() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        TrainConfig.model_validate(yaml.safe_load(example))


def test_every_variant_is_a_setting() -> None:
    texts = [text for _, settings in _table("variant") for text in re.findall(r"`({.*?})`", settings)]
    found = [TrainConfig.model_validate({"name": "x", **yaml.safe_load(text)}) for text in texts]
    assert {config.regularizer for config in found} == {"ivq", "none", "barlow_twins", "spectral", "gram"}
    assert {config.code_count(7) for config in found} == {1, 7, 35, 70, 140}


def test_every_policy_is_named() -> None:
    assert all(f"`{name}`" in TEXT for name in POLICIES)


def test_every_figure_is_described(tiny: Tiny, tmp_path: Path) -> None:
    settings: dict[str, Any] = {"epochs": 1, "localization_weight": 0.1, "magnet_localization_weight": 0.1}
    train(tiny.config(**settings), tmp_path)
    report = json.loads((tmp_path / ".training" / "metrics.jsonl").read_text().splitlines()[0])
    described: dict[str, str] = {}
    for names, meaning in _table("field"):
        described |= dict.fromkeys(re.findall(r"`(\w+)`", names), meaning)
    assert set(described) == set(report)
    for part in ("losses", "train", "validation", "rank"):
        for name in report[part]:
            assert f"`{name}`" in described[part], f"{part}/{name}"


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", TEXT):
        assert (PATH.parent / target).exists(), target
