"""The models of an experiment and their pass over the images."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.checkpoint import read_checkpoint
from models.concepts import dump_concept_set
from models.experiments import subjects as module
from models.experiments.settings import AnalysisConfig
from models.experiments.subjects import subjects
from models.experiments.surroundings import ExperimentCancelled, ExperimentError, Surroundings
from models.predictor import Predictor
from tests.support.checkpoints import drawn_here

CONFIG = AnalysisConfig(models=("one",), dataset="synthetic-dermoscopy", split="test", drawn=64)


@pytest.fixture(autouse=True)
def _drawn_here() -> Iterator[None]:
    with drawn_here():
        yield


def around(folder: Path, out: Path | None = None, **rest: object) -> Surroundings:
    return Surroundings(lambda _name: folder, str, out, **rest)  # type: ignore[arg-type]


def test_a_pass_says_what_an_explanation_says(drawn_model: Path) -> None:
    subject = next(subjects(CONFIG, around(drawn_model)))
    found, images = subject.found, subject.images
    assert (len(images), images.synthetic, images.keys[0]) == (64, True, "test/00000")
    predictor = Predictor(subject.checkpoint, "cpu", "float32")
    from PIL import Image  # noqa: PLC0415

    for place in (0, 40):
        own = predictor.explain(Image.fromarray(images.data.images[place]))
        assert np.allclose(found.logits[place], own.logits, atol=1e-4)
        assert np.allclose(found.scores[place], own.scores, atol=1e-4)
        assert np.array_equal(found.index_map[place], own.index_map.reshape(-1))
        assert np.allclose(found.assignment[place].T, own.magnet.reshape(len(own.magnet), -1), atol=1e-5)
        assert np.allclose(found.gradcam[place], own.gradcam.reshape(len(own.gradcam), -1), atol=1e-5)
        assert found.distances[place].mean() == pytest.approx(own.familiarity.distance, rel=1e-4)
    assert found.side == 8
    assert np.array_equal(found.predicted, found.logits.argmax(1))


def test_a_second_run_does_not_pass_again(drawn_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(subjects(CONFIG, around(drawn_model, tmp_path)))
    with monkeypatch.context() as patch:
        patch.setattr(module, "run", lambda *_: pytest.fail("it was computed again"))
        second = next(subjects(CONFIG, around(drawn_model, tmp_path)))
    assert np.array_equal(first.found.gradcam, second.found.gradcam)
    for kept in (tmp_path / "kept").iterdir():
        kept.write_bytes(kept.read_bytes()[:1000])
    third = next(subjects(CONFIG, around(drawn_model, tmp_path)))  # what is damaged is computed again
    assert np.array_equal(first.found.scores, third.found.scores)


def test_models_of_different_concept_sets_are_not_mixed(drawn_model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(drawn_model, other)
    concept_set = read_checkpoint(other).concept_set
    changed = concept_set.model_copy(update={"version": concept_set.version + 1})
    dump_concept_set(changed, other / "concept_set.yaml")
    folders = {"one": drawn_model, "two": other}
    config = CONFIG.model_copy(update={"models": ("one", "two")})
    found = subjects(config, Surroundings(folders.__getitem__, str))
    next(found)
    with pytest.raises(ExperimentError, match="one and two have different concept sets"):
        next(found)


def test_a_stop_ends_it(drawn_model: Path) -> None:
    with pytest.raises(ExperimentCancelled):
        next(subjects(CONFIG, around(drawn_model, cancelled=lambda: True)))
