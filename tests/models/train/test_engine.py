"""The loop learns, keeps its best epoch, and leaves a checkpoint that explains what it learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from models.cbm.network import IVQCBM
from models.checkpoint import load_network, read_checkpoint
from models.concepts import ConceptSet, load_concept_set
from models.predictor import Predictor
from models.train import Running, TrainConfig, train
from models.train import run as training_run
from models.train.batches import BatchSource, to_device
from models.train.building import prepare_network
from models.train.data import InputShape, Split, load_split
from models.train.engine import Engine, class_weights
from models.train.evaluate import run_split
from models.train.objective import Objective, held_out_losses
from tests.models.train.conftest import Tiny


def _coloured_split(count: int, seed: int) -> Split:
    """Images of one flat colour each; class and every concept follow from the colour."""
    concept_set = load_concept_set("isic2018")
    rng = np.random.default_rng(seed)
    classes = np.arange(count) % 2
    images = np.full((count, 224, 224, 3), 60, np.uint8)
    images[classes == 1] = 190
    images = (images + rng.integers(0, 12, images.shape)).astype(np.uint8)
    options = np.repeat(classes[:, None], concept_set.group_count, 1)
    masks = np.zeros((count, 4, 14, 14), np.float32)
    masks[:, :, 4:10, 4:10] = 1.0
    return Split(images, classes.astype(np.int64), options.astype(np.int64), masks)


def test_a_toy_problem_is_learnt_and_the_best_epoch_is_kept() -> None:
    torch.manual_seed(0)
    config = TrainConfig(name="toy", epochs=3, batch_size=8, learning_rate=2e-3, localization_weight=0.1)
    concept_set = load_concept_set("isic2018")
    network, model_config = prepare_network(config, concept_set)
    engine = Engine(network, concept_set, model_config.preprocessing, config, torch.device("cpu"))
    seen: list[dict[str, Any]] = []
    reports = engine.fit(_coloured_split(48, 0), _coloured_split(16, 1), seen.append)
    assert [report["epoch"] for report in seen] == [1, 2, 3]
    assert [report["best"] for report in reports].count(True) == 1
    best = next(report for report in reports if report["best"])
    assert best["validation"]["class_bmac"] == max(report["validation"]["class_bmac"] for report in reports) == 1.0
    assert reports[-1]["losses"]["total"] < reports[0]["losses"]["total"]
    assert {"classification", "concept", "ivq", "localization"} <= set(reports[0]["losses"])
    assert not network.training


class _Diverging(torch.nn.Module):
    def __init__(self, network: IVQCBM) -> None:
        super().__init__()
        self.inner = network.encoder
        self.image_size = network.image_size

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        tokens: torch.Tensor = self.inner(images)
        return tokens * float("nan") if self.training else tokens


def test_a_loss_that_is_no_number_stops_the_training() -> None:
    config = TrainConfig(name="toy", epochs=1, batch_size=8)
    concept_set = load_concept_set("isic2018")
    network, model_config = prepare_network(config, concept_set)
    network.encoder = _Diverging(network)
    engine = Engine(network, concept_set, model_config.preprocessing, config, torch.device("cpu"))
    with pytest.raises(FloatingPointError, match="lower the learning rate"):
        engine.fit(_coloured_split(8, 0), _coloured_split(8, 1))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One short real training from settings to folder, on the toy images."""
    folder = tmp_path_factory.mktemp("trained")
    patch = pytest.MonkeyPatch()
    splits = {"train": _coloured_split(32, 0), "validation": _coloured_split(16, 1), "test": _coloured_split(16, 2)}
    patch.setattr(training_run, "load_for_training", lambda _data, name, *_: splits[name])
    try:
        train(TrainConfig(name="toy", epochs=1, batch_size=8), folder, running=Running("a test"))
    finally:
        patch.undo()
    return folder


def test_train_writes_a_checkpoint_with_its_history(trained: Path) -> None:
    predictor = Predictor.from_folder(trained, device="cpu", precision="float32")
    metrics = predictor.checkpoint.metrics
    assert metrics["training"]["command"] == "a test"
    assert metrics["training"]["best_epoch"] == 1
    assert len(metrics["epochs"]) == 1
    assert metrics["test"]["images"] == 16
    assert "a test" in predictor.checkpoint.card


def test_a_child_starts_from_its_parents_weights(trained: Path) -> None:
    concept_set = load_concept_set("isic2018")
    network, _ = prepare_network(TrainConfig(name="child", parent=trained), concept_set)
    inherited = load_network(read_checkpoint(trained)).state_dict()
    assert all(torch.equal(value, inherited[name]) for name, value in network.state_dict().items())


def _edited(**changes: Any) -> ConceptSet:
    return ConceptSet.model_validate(load_concept_set("isic2018").model_dump(mode="json") | changes)


def test_a_child_with_other_wording_has_embeddings_of_its_own(trained: Path) -> None:
    reworded = _edited(prompt="something else entirely: {group}, {option}")
    network, _ = prepare_network(TrainConfig(name="child", parent=trained), reworded)
    alone, _ = prepare_network(TrainConfig(name="child"), reworded)
    inherited = load_network(read_checkpoint(trained)).bottleneck
    assert torch.equal(network.bottleneck.scorer.text_embeddings, alone.bottleneck.scorer.text_embeddings)
    assert not torch.equal(network.bottleneck.scorer.text_embeddings, inherited.scorer.text_embeddings)
    assert torch.equal(network.bottleneck.head.weight, inherited.head.weight)


def test_a_parent_with_classes_in_another_order_is_refused(trained: Path) -> None:
    classes = load_concept_set("isic2018").model_dump(mode="json")["classes"][::-1]
    with pytest.raises(ValueError, match="other classes"):
        prepare_network(TrainConfig(name="child", parent=trained), _edited(classes=classes))


def test_a_parent_of_another_kind_is_refused(trained: Path) -> None:
    groups = load_concept_set("isic2018").model_dump(mode="json")["groups"]
    groups[0]["options"].reverse()
    with pytest.raises(ValueError, match="other options"):
        prepare_network(TrainConfig(name="child", parent=trained), _edited(groups=groups))
    with pytest.raises(ValueError, match="another codes"):
        prepare_network(TrainConfig(name="child", parent=trained, codes=3), load_concept_set("isic2018"))


def test_an_explanation_is_consistent(trained: Path) -> None:
    predictor = Predictor.from_folder(trained, device="cpu", precision="float32")
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 150, 3), dtype=np.uint8))
    result = predictor.explain(picture)
    np.testing.assert_allclose(result.contributions.sum(0) + result.bias, result.logits, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(result.probabilities.sum(), 1.0, rtol=1e-5)
    assert result.predicted_class == result.class_keys[int(result.logits.argmax())]
    np.testing.assert_allclose(result.magnet.sum(0), np.ones(result.grid), rtol=1e-5)
    for group in predictor.checkpoint.concept_set.group_slices:
        np.testing.assert_allclose(result.option_probabilities[group].sum(), 1.0, rtol=1e-5)
    assert result.gradcam.shape == (34, 14, 14)
    assert result.gradcam.min() >= 0
    assert sum(code.patches for code in result.codes) == 196 == np.prod(result.grid)
    assert np.array_equal(np.bincount(result.index_map.ravel(), minlength=7), [code.patches for code in result.codes])
    assert (result.region.x, result.region.width) == (0.0, 150.0)
    assert 0 <= result.familiarity.percentile <= 100
    assert set(result.timings_ms) == {"preprocess", "encoder", "head", "maps"}
    assert result.to_dict()["region"]["width"] == 150.0


def test_bfloat16_tells_the_same_story(trained: Path) -> None:
    picture = Image.fromarray(_coloured_split(2, 5).images[1])
    full = Predictor.from_folder(trained, device="cpu", precision="float32").explain(picture)
    predictor = Predictor.from_folder(trained, device="cpu", precision="bfloat16")
    half = predictor.explain(picture)
    assert predictor.precision == "bfloat16"
    assert half.predicted_class == full.predicted_class
    np.testing.assert_allclose(half.probabilities, full.probabilities, atol=0.05)


def test_unknown_precision_and_device_are_refused(trained: Path) -> None:
    with pytest.raises(ValueError, match="unknown precision"):
        Predictor.from_folder(trained, precision="float8")
    with pytest.raises(ValueError, match="unknown device"):
        Predictor.from_folder(trained, device="abacus")


def test_the_test_split_is_looked_at_once_after_the_last_epoch(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []

    def load(data: Any, name: Any, *rest: Any) -> Split:
        happened.append(name)
        return load_split(data, name, *rest)

    monkeypatch.setattr(training_run, "load_for_training", load)
    train(tiny.config(epochs=2), tmp_path, progress=lambda report: happened.append(f"epoch {report['epoch']}"))
    assert happened == ["train", "validation", "epoch 1", "epoch 2", "test"]


def test_losses_of_held_out_images_are_those_of_training(tiny: Tiny) -> None:
    """Without augmentation and with the same weights both ways of counting give one number."""
    concept_set = load_concept_set("isic2018")
    config = tiny.config(batch_size=64, augment=False, label_smoothing=0.1)
    network, model_config = prepare_network(config, concept_set)
    split = load_split(config.data, "validation", concept_set, InputShape(32, grid=4))
    weights = class_weights(split.classes, len(concept_set.classes), 1.0)
    (part,), _ = next(BatchSource(split, None, concept_set, config, weights).epoch(1))
    batch = to_device(part, model_config.preprocessing, torch.device("cpu"))
    objective = Objective(network.eval(), concept_set, config, weights, bfloat16=False)
    trained = objective(batch.images, batch.classes, batch.options, batch.masks, batch.totals).losses
    output = run_split(network, split, concept_set, model_config.preprocessing, bfloat16=False)
    held = held_out_losses(output, split, concept_set, config, weights)
    assert set(held) == {"classification", "concept", "ivq"}
    assert held == pytest.approx({name: trained[name].item() for name in held}, rel=1e-4)


def test_a_group_that_nobody_labelled_is_left_out_of_the_means(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*arguments: Any) -> Split:
        split = load_split(*arguments)
        options, masks = split.options.copy(), split.masks.copy()
        options[:, 2] = -1
        masks[:, 0] = 0.0
        return replace(split, options=options, masks=masks)

    monkeypatch.setattr(training_run, "load_for_training", load)
    checkpoint = train(tiny.config(epochs=1), tmp_path)
    keys = checkpoint.concept_set.group_keys
    test = checkpoint.metrics["test"]
    per_group = test["concept_bmac_per_group"]
    assert per_group[keys[2]] is None
    assert test["concept_bmac"] == pytest.approx(np.mean([value for value in per_group.values() if value is not None]))
    assert len(test["pointing"]["gradcam"]) == 3
    assert 0 <= test["pointing"]["gradcam_mean"] <= 1
    assert 0 <= checkpoint.metrics["epochs"][0]["train"]["concept_bmac"] <= 1
    assert "| – |" in checkpoint.card


def test_without_any_label_of_a_concept_there_is_no_figure(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*arguments: Any) -> Split:
        split = load_split(*arguments)
        return replace(split, options=np.full_like(split.options, -1), masks=None, lesion=None)

    monkeypatch.setattr(training_run, "load_for_training", load)
    checkpoint = train(tiny.config(epochs=1), tmp_path)
    assert checkpoint.metrics["test"]["concept_bmac"] is None
    assert "| mean concept balanced accuracy | – |" in checkpoint.card


def test_a_split_is_read_back_from_the_cache(tmp_path: Path) -> None:
    concept_set = load_concept_set("isic2018")
    data = TrainConfig(name="x").data.model_copy(update={"train": 3, "cache": tmp_path})
    drawn = load_split(data, "train", concept_set, InputShape(224))
    again = load_split(data, "train", concept_set, InputShape(224))
    assert isinstance(again.images, np.memmap)
    assert np.array_equal(drawn.images, again.images)
    assert np.array_equal(drawn.options, again.options)


def test_another_concept_set_is_refused() -> None:
    with pytest.raises(ValueError, match="isic2018"):
        load_split(TrainConfig(name="x").data, "train", load_concept_set("busi"), InputShape(224))
