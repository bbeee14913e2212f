"""Where a retrained model comes from, for ``metrics.json`` and the model card."""

from __future__ import annotations

import subprocess
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from models.checkpoint import Checkpoint
from models.concepts import ConceptSet
from models.train.data import Split, dataset_identity, dataset_origin, split_digest
from models.train.retrain.changes import Plan
from models.train.retrain.labelled import Merged
from models.train.retrain.settings import RetrainConfig
from models.train.settings import Data

_ROOT = Path(__file__).parents[3]


def code_version() -> dict[str, str | None]:
    """Vitrine's version, and the commit where it runs from a repository ("…-dirty" with changes that are in none)."""
    try:
        release: str | None = version("vitrine")
    except PackageNotFoundError:
        release = None
    return {"vitrine": release, "commit": _commit(_ROOT)}


def _commit(root: Path) -> str | None:
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        told = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip() or None


def lineage(
    parent: Checkpoint,
    concept_set: ConceptSet,
    changes: Plan,
    config: RetrainConfig,
    data: Data,
    splits: dict[str, Split],
) -> dict[str, Any]:
    """What the result was made of, JSON-ready.

    Args:
        parent: that it started from.
        concept_set: the edited one.
        changes: what the edit means.
        config: settings of the retraining.
        data: what was trained on.
        splits: as they were used, by name; their digests tell whether two models saw the same images and labels.
    """
    name, synthetic = dataset_identity(data)
    return {
        "kind": "retrain",
        "mode": config.mode,
        "parent": {"name": parent.name, "weights": parent.weights_digest(), "concepts": parent.concept_set.digest()},
        "concept_set": {"name": concept_set.name, "version": concept_set.version, "digest": concept_set.digest()},
        "changes": list(changes.lines()),
        "dataset": {
            "name": name,
            "synthetic": synthetic,
            "digest": (dataset_origin(data) or {}).get("digest"),
            "splits": {split: split_digest(found) for split, found in splits.items()},
        },
        "labels": None,
        "settings": config.record(),
        "seed": config.seed,
        "code": code_version(),
    }


def labels_record(folder: Path, digest: str, merged: Merged) -> dict[str, Any]:
    """The labels that people gave, for the lineage."""
    return {"folder": folder.name, "digest": digest, **asdict(merged)}
