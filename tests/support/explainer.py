"""A small predictor made with numpy: wrong as a diagnosis, right as an ``Explanation``.

Every number follows from the image's mean colour, so a test can tell whose result it got.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from backend.model_registry.ids import version_id
from backend.model_registry.zoo import CheckpointInfo, Explainer
from models import concepts
from models.concepts import ConceptSet
from models.explanation import CodeUse, Explanation, Familiarity, FloatArray, Region
from models.intervene.editing import EditableModel
from models.intervene.regions import RegionScorer
from models.intervene.scores import DecisionHead
from models.statistics import ValidationStatistics

# Reading the YAML takes a tenth of a second; every test would pay it twice.
load_concept_set = cache(concepts.load_concept_set)
GRID = (14, 14)
CODES = 7
WIDTH = 6


def explain_by_colour(image: Image.Image, concept_set: ConceptSet) -> Explanation:
    """Scores from the mean colour; everything else consistent with them as in the real model."""
    colour = np.asarray(image.convert("RGB"), dtype=np.float32).mean((0, 1)) / 255.0
    random = np.random.default_rng(7)
    options, classes = concept_set.option_count, len(concept_set.classes)
    scores = (random.normal(size=(options, 3)) @ colour).astype(np.float32)
    weight, bias = _head(options, classes)
    contributions = scores[:, None] * weight
    logits = contributions.sum(0) + bias
    probabilities = _softmax(logits)
    within = np.empty(options, np.float32)
    for columns in concept_set.group_slices:
        values = scores[columns]
        within[columns] = _softmax(values) if len(values) > 1 else 1 / (1 + np.exp(-values))
    index_map = random.integers(0, CODES, GRID)
    return Explanation(
        class_keys=concept_set.class_keys,
        class_names=concept_set.class_names,
        predicted_class=concept_set.class_keys[int(logits.argmax())],
        logits=logits,
        probabilities=probabilities,
        bias=bias,
        option_ids=concept_set.option_ids,
        scores=scores,
        option_probabilities=within,
        contributions=contributions,
        group_keys=concept_set.group_keys,
        grid=GRID,
        index_map=index_map,
        codes=_codes(index_map, concept_set),
        magnet=_softmax(random.normal(size=(concept_set.group_count, *GRID)).astype(np.float32)),
        gradcam=np.abs(random.normal(size=(options, *GRID))).astype(np.float32) * (1 + colour.sum()),
        region=Region(0.0, 0.0, float(image.width), float(image.height)),
        familiarity=Familiarity(distance=0.25, percentile=40.0),
        timings_ms={"preprocess": 1.0, "encoder": 2.0, "head": 0.5, "maps": 0.5},
        tokens=random.normal(size=(GRID[0] * GRID[1], WIDTH)).astype(np.float32),
    )


def editable_by_colour(concept_set: ConceptSet) -> EditableModel:
    """What stands behind the tokens: the same head, means that tell classes and options apart, some Magnet."""
    random, options = np.random.default_rng(8), concept_set.option_count
    weight, bias = _head(options, len(concept_set.classes))
    sizes = [len(group.options) for group in concept_set.groups]
    statistics = ValidationStatistics(
        images=50,
        class_means=[*random.normal(size=(len(concept_set.classes) - 1, options)).tolist(), None],
        means=random.normal(size=options).tolist(),
        option_means=[(3 * np.eye(size)[place] - 1).tolist() for size in sizes for place in range(size)],
        deviations=[1.0] * options,
        ranges=[(-3.0, 3.0)] * options,
        codes=[],
        association_source="masks",
        familiarity=[0.1, 1.0],
    )
    regions = RegionScorer(
        queries=random.normal(size=(concept_set.group_count, WIDTH)),
        tau=2.0,
        summaries=None,
        projection=random.normal(size=(6, WIDTH)),
        bias=random.normal(size=6),
        text=random.normal(size=(options, 6)),
        scale=2.0,
        groups=tuple(concept_set.group_slices),
    )
    return EditableModel(DecisionHead(concept_set, statistics, weight.T.astype(float), bias.astype(float)), regions)


def _head(options: int, classes: int) -> tuple[FloatArray, FloatArray]:
    """Weight (O, C) and bias (C,)."""
    random = np.random.default_rng(9)
    return random.normal(size=(options, classes)).astype(np.float32), random.normal(size=classes).astype(np.float32)


def _codes(index_map: np.ndarray, concept_set: ConceptSet) -> tuple[CodeUse, ...]:
    """The first code goes with the first group; the others with none."""
    patches = np.bincount(index_map.reshape(-1), minlength=CODES).tolist()
    first = CodeUse(0, concept_set.group_keys[0], 0.5, patches[0])
    return (first, *(CodeUse(code, None, None, patches[code]) for code in range(1, CODES)))


def mean_colour_score(colour: tuple[int, int, int], option: int = 0) -> float:
    """The score that an image of one colour gets."""
    image = Image.new("RGB", (8, 8), colour)
    return float(explain_by_colour(image, load_concept_set("isic2018")).scores[option])


@dataclass
class ColourExplainer:
    """Told by ``gate`` to wait, and by ``error`` to fail."""

    concept_set: ConceptSet = field(default_factory=lambda: load_concept_set("isic2018"))
    gate: threading.Event | None = None
    error: Exception | None = None
    device: str = "cpu"
    precision: str = "float32"
    calls: int = 0
    running: int = 0
    most_running: int = 0
    threads: set[str] = field(default_factory=set)
    batches: list[int] = field(default_factory=list)

    def prepare(self, image: Image.Image) -> Image.Image:
        return image.copy()

    def explain_all(self, prepared: Sequence[Image.Image]) -> list[Explanation]:
        self.batches.append(len(prepared))
        return [self.explain(image) for image in prepared]

    def explain(self, image: Image.Image) -> Explanation:
        self.calls += 1
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.threads.add(threading.current_thread().name)
        try:
            if self.gate is not None:
                self.gate.wait(10)
            if self.error is not None:
                raise self.error
            return explain_by_colour(image, self.concept_set)
        finally:
            self.running -= 1


def checkpoint_info(
    folder: Path,
    name: str = "colour",
    dataset: str = "synthetic-dermoscopy",
    digest: str = "ab" * 32,
    concept_set: str = "isic2018",
) -> CheckpointInfo:
    """A checkpoint folder as the registry sees it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text("{}")
    return CheckpointInfo(
        folder=folder,
        weights_digest=digest,
        name=name,
        dataset=dataset,
        synthetic=True,
        concept_set=load_concept_set(concept_set),
        metrics={"test": {"balanced_accuracy": 0.5}},
        card="# Colour\n\nA test model.",
    )


@dataclass
class ColourZoo:
    """As many checkpoints as a test wants; loading can be held up or fail."""

    checkpoints: Sequence[CheckpointInfo]
    explainer: ColourExplainer = field(default_factory=ColourExplainer)
    loading_gate: threading.Event | None = None
    loading_error: Exception | None = None
    editing_error: Exception | None = None
    loaded: list[Path] = field(default_factory=list)
    explainers: dict[Path, ColourExplainer] = field(default_factory=dict)

    def discover(self) -> Sequence[CheckpointInfo]:
        return self.checkpoints

    def load(self, folder: Path) -> Explainer:
        if self.loading_gate is not None:
            self.loading_gate.wait(10)
        if self.loading_error is not None:
            raise self.loading_error
        self.loaded.append(folder)
        return self.explainers.get(folder, self.explainer)

    def holds(self, folder: Path, model_version_id: str) -> bool:
        known = [each for each in self.checkpoints if each.folder == folder]
        return not known or model_version_id in [version_id(each.weights_digest) for each in known]

    def editable(self, folder: Path) -> EditableModel:
        if self.editing_error is not None:
            raise self.editing_error
        (found,) = [each for each in self.checkpoints if each.folder == folder]
        return editable_by_colour(found.concept_set)


def _softmax(values: np.ndarray) -> np.ndarray:
    """Over the first axis."""
    shifted = np.exp(values - values.max(0))
    shares: np.ndarray = (shifted / shifted.sum(0)).astype(np.float32)
    return shares
