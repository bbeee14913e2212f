"""A design with every kind of task and sham, on images of one colour each and the small numpy model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.reader_studies.building import BuiltItem, CaseFacts, build_items
from backend.reader_studies.design import StudyDesign
from models.explanation import Explanation
from tests.support.explainer import explain_by_colour, load_concept_set

MODEL, OTHER = "ab" * 16, "cd" * 16
CONCEPTS = load_concept_set("isic2018")
KNOWN = {MODEL: CONCEPTS, OTHER: CONCEPTS}
COLOURS = [(200, 30, 40), (20, 200, 60), (60, 50, 220), (180, 180, 20), (90, 90, 90)]
FACTS = [
    CaseFacts(width=64 + 8 * place, height=48, practice=place == 0, class_key="mel" if place % 2 else "nv")
    for place in range(len(COLOURS))
]
DESIGN: dict[str, Any] = {
    "title": "Maps and shams",
    "question": "Do maps show what they say?",
    "cases": [
        {"dataset_id": "synthetic-dermoscopy", "split": "test", "image": f"image-{place}", "practice": place == 0}
        for place in range(len(COLOURS))
    ],
    "arms": [
        {"key": "real", "name": "Model", "model_version_id": MODEL, "map": "gradcam"},
        {"key": "concept", "name": "Sham 1", "model_version_id": MODEL, "map": "gradcam", "sham": "other_concept"},
        {"key": "image", "name": "Sham 2", "model_version_id": MODEL, "map": "gradcam", "sham": "other_image"},
        {"key": "shuffled", "name": "Sham 3", "model_version_id": MODEL, "map": "gradcam", "sham": "shuffled"},
        {"key": "alone", "name": "Image alone"},
        {
            "key": "aided",
            "name": "With help",
            "model_version_id": MODEL,
            "map": "magnet",
            "show_prediction": True,
            "show_concepts": True,
        },
    ],
    "tasks": [
        {
            "key": "where",
            "kind": "localization",
            "title": "Where",
            "arm_keys": ["real", "concept", "image", "shuffled"],
            "concepts_per_case": 2,
        },
        {"key": "what", "kind": "alignment", "title": "What", "arm_keys": ["real", "concept"], "distractors": 4},
        {
            "key": "class",
            "kind": "diagnosis",
            "title": "Diagnosis",
            "arm_keys": ["alone", "aided"],
            "positive_classes": ["mel", "bcc"],
            "questions": [{"key": "why", "kind": "text", "text": "Why?", "required": False}],
        },
        {
            "key": "trust",
            "kind": "questions",
            "title": "Trust",
            "arm_keys": ["real"],
            "questions": [
                {"key": "use", "kind": "likert", "text": "Useful?", "anchors": ["1", "2", "3", "4", "5"]},
                {
                    "key": "pick",
                    "kind": "choice",
                    "text": "Which?",
                    "options": [{"key": "a", "text": "A"}, {"key": "b", "text": "B"}],
                },
            ],
        },
    ],
    "order": {"seed": 11},
}


@cache
def explain(index: int, model_version_id: str) -> Explanation:
    """By the colour of the image, with maps of its own."""
    assert model_version_id in KNOWN
    facts = FACTS[index]
    found = explain_by_colour(Image.new("RGB", (facts.width, facts.height), COLOURS[index]), CONCEPTS)
    gradcam = np.random.default_rng(index).random(found.gradcam.shape).astype(np.float32)
    return replace(found, gradcam=gradcam)


def designed(**changes: Any) -> StudyDesign:
    """The design with other values."""
    return StudyDesign.model_validate(DESIGN | changes)


@pytest.fixture(scope="session")
def built() -> list[BuiltItem]:
    """Its items."""
    return build_items(designed(), KNOWN, FACTS, explain)


@pytest.fixture(scope="session")
def find(built: list[BuiltItem]) -> Callable[..., list[BuiltItem]]:
    """Items by their fields."""

    def found(**wanted: Any) -> list[BuiltItem]:
        return [item for item in built if all(getattr(item, name) == value for name, value in wanted.items())]

    return found
