"""The explanations of changed predictions: which, in what order, and that they are those of the two models."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from models.checkpoint import Checkpoint, load_network, read_checkpoint
from models.compare import gallery
from models.compare.comparison import Compared, compare_images
from models.compare.gallery import STRONGEST, TILE, ChangedExplanations, explain_changes, shown_option
from models.compare.ranks import rank_history
from models.compare.result import ChangedPrediction
from models.compare.settings import CompareSettings
from models.concepts import ConceptSet
from models.explain.gradcam import gradcam_maps
from models.explain.sheets import map_tile, tile
from models.preprocessing import normalise

DRAWN = 24


@pytest.fixture(scope="module")
def compared(checkpoint_folder: Path) -> Compared:
    """A model that knows nothing, and one that says the opposite of it."""
    checkpoint = read_checkpoint(checkpoint_folder)
    found = compare_images(checkpoint, checkpoint, "synthetic-dermoscopy", CompareSettings(drawn=DRAWN, resamples=100))
    assert found.comparison.changed == ()
    other = load_network(checkpoint)
    other.bottleneck.head.weight.neg_()
    other.bottleneck.head.bias.neg_()
    return dataclasses.replace(found, networks=(found.networks[0], other))


def _change(compared: Compared, kinds: list[str]) -> Compared:
    """With a prediction said to have changed for each of the first images; the networks' own answers are looked up."""
    rows = range(len(kinds))
    answers = [_answers(compared, side, list(rows)) for side in (0, 1)]
    keys = compared.comparison.class_keys
    changed = tuple(
        ChangedPrediction(
            key=compared.images.keys[row],
            truth=None if kind == "unknown" else "mel",
            class_a=keys[answers[0][row].argmax()],
            class_b=keys[answers[1][row].argmax()],
            probabilities_a=tuple(answers[0][row].tolist()),
            probabilities_b=tuple(answers[1][row].tolist()),
            kind=kind,  # type: ignore[arg-type]
        )
        for row, kind in zip(rows, kinds, strict=True)
    )
    return dataclasses.replace(compared, comparison=compared.comparison.model_copy(update={"changed": changed}))


def _answers(compared: Compared, side: int, rows: list[int]) -> NDArray[np.float64]:
    pixels = normalise(compared.images.images[side][rows], compared.checkpoints[side].config.preprocessing)
    return torch.softmax(compared.networks[side](pixels).logits.double(), -1).numpy()


KINDS = ["fixed", "unknown", "broken", "changed-wrong", "fixed", "broken"]


def test_broken_ones_come_first(compared: Compared, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    world = _change(compared, KINDS)
    found = explain_changes(tmp_path / "new", world, lambda *counts: told.append(counts))
    order = [2, 5, 0, 4, 1, 3]
    assert [image.key for image in found.images] == [compared.images.keys[row] for row in order]
    assert [image.kind for image in found.images] == [KINDS[row] for row in order]
    assert [image.file for image in found.images] == [f"changed-{number}.jpg" for number in range(6)]
    assert {path.name for path in (tmp_path / "new").iterdir()} == {image.file for image in found.images}
    assert (told[0], told[-1]) == ((0, 12), (12, 12))
    assert found.changed == 6
    assert "Not for diagnosis" in found.notice
    assert ChangedExplanations.model_validate(json.loads(found.model_dump_json())) == found


def test_what_spoke_for_each_answer(compared: Compared, tmp_path: Path) -> None:
    world = _change(compared, KINDS)
    image = explain_changes(tmp_path, world).images[0]
    change = world.comparison.changed[2]
    assert (image.a.predicted, image.b.predicted) == (change.class_a, change.class_b)
    for side, explanation in enumerate((image.a, image.b)):
        checkpoint, network = world.checkpoints[side], world.networks[side]
        concept_set = checkpoint.concept_set
        assert sum(explanation.probabilities.values()) == pytest.approx(1.0)
        assert max(explanation.probabilities, key=lambda key: explanation.probabilities[key]) == explanation.predicted
        with torch.no_grad():
            pixels = world.images.images[side][2][None]
            output = network(normalise(pixels, checkpoint.config.preprocessing))
            maps = gradcam_maps(network.bottleneck, output.patches, output.assignment, output.concepts)
        label = concept_set.class_keys.index(explanation.predicted)
        all_of_them = network.bottleneck.contributions(output.scores)[0, :, label]
        assert float(all_of_them.sum() + network.bottleneck.head.bias[label]) == pytest.approx(
            float(output.logits.max()), abs=1e-4
        )
        values = [each.contribution for each in explanation.contributions]
        assert values == pytest.approx(all_of_them.sort(descending=True).values[:STRONGEST].tolist(), abs=1e-4)
        first = explanation.contributions[0]
        column = concept_set.option_ids.index(first.option)
        assert first.score == pytest.approx(float(output.scores[0, column]), abs=1e-4)
        assert first.group == first.option.partition(".")[0]
        assert first.text in {option.text for group in concept_set.groups for option in group.options}
        shown = concept_set.option_ids.index(explanation.shown)
        assert concept_set.groups[concept_set.group_of_option[shown]].localizable
        expected = map_tile(pixels[0], maps[0, shown].reshape(checkpoint.config.grid).numpy(), TILE)
        with Image.open(tmp_path / image.file) as sheet:
            assert sheet.size == (3 * TILE, TILE)
            drawn = np.asarray(sheet).astype(int)
        assert np.abs(drawn[:, (side + 1) * TILE : (side + 2) * TILE] - expected).mean() < 8
        assert np.abs(drawn[:, :TILE] - tile(pixels[0], TILE)).mean() < 8


def test_no_more_than_some_are_explained(compared: Compared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "MOST", 3)
    monkeypatch.setattr(gallery, "_BATCH", 2)
    found = explain_changes(tmp_path, _change(compared, KINDS))
    assert [image.kind for image in found.images] == ["broken", "broken", "fixed"]
    assert (found.changed, len(list(tmp_path.iterdir()))) == (6, 3)


def test_nothing_changed(compared: Compared, tmp_path: Path) -> None:
    assert explain_changes(tmp_path, compared).images == ()


def test_the_option_that_is_shown_has_a_place(small: ConceptSet) -> None:
    contributions = np.array([1, 5, -2, 0, -1, 9], np.float32)
    assert shown_option(contributions, small) == 5  # no group of this set has a place
    groups = tuple(group.model_copy(update={"localizable": group.key == "color"}) for group in small.groups)
    assert shown_option(contributions, small.model_copy(update={"groups": groups})) == 3


def test_rank_history(checkpoint_folder: Path, compared: Compared) -> None:
    reports = [
        {"epoch": 1, "rank": {"train": 20.5, "validation": 19}},
        {"epoch": 2, "rank": {"train": None, "validation": 19.0}},
        {"epoch": 3},
        {"epoch": 4, "rank": {"train": 14.0, "validation": 13.5}},
    ]
    found = rank_history({"epochs": reports})
    assert (found.epochs, found.epoch, found.train, found.validation) == (4, (1, 4), (20.5, 14.0), (19.0, 13.5))
    assert rank_history({"epochs": None}) == rank_history({"epochs": []}) == rank_history({})
    assert (rank_history({}).epochs, rank_history({}).epoch) == (0, ())
    assert compared.comparison.a.rank_history.epochs == 0
    shipped: Checkpoint = read_checkpoint(Path("models/zoo/synthetic-dermoscopy"))
    assert len(rank_history(shipped.metrics).validation) == rank_history(shipped.metrics).epochs == 7
