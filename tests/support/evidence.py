"""Evidence that nobody measured."""

from __future__ import annotations

from typing import Any

from models.experiments.evidence.schema import (
    ConceptEvidence,
    Evidence,
    Measured,
    NamedFigure,
    OptionEvidence,
    Reliability,
    TestedOn,
    TrustTest,
)

NOTHING = Measured(value=None, n=0)
SOME = Measured(value=0.8, low=0.7, high=0.9, n=120)


def made_up(**changes: Any) -> Evidence:
    """With one concept and one question."""
    figure = NamedFigure(key="accuracy", name="Accuracy", unit="share", better="higher", measured=SOME)
    concept = ConceptEvidence(
        key="border",
        name="Border",
        labels="image",
        reliability=Reliability.LIMITED,
        reason="Made up.",
        accuracy=SOME,
        chance=0.5,
        pointing_gradcam=SOME,
        pointing_magnet=NOTHING,
        pointing_centre=0.4,
        iou_gradcam=NOTHING,
        options=[OptionEvidence(id="border.sharp", name="sharp", auroc=SOME, present=60, absent=60)],
    )
    test = TrustTest(key="codes", question="Is it so?", answer="Partly.", verdict="partly", figures=[figure])
    content: dict[str, Any] = {
        "weights_digest": "ab" * 32,
        "made_on": "2026-11-22",
        "command": "vitrine experiment evidence made-up.yaml",
        "tested_on": TestedOn(dataset="made-up", synthetic=True, split="test", images=120, clusters=100),
        "limits": ["Made up."],
        "decision": [figure],
        "concepts": [concept],
        "tests": [test],
    }
    return Evidence(**content | changes)
