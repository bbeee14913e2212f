"""What a finished comparison says, read from the storage and put into the form of the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backend.comparisons.orders import RESULT
from backend.comparisons.schemas import (
    ChangedContribution,
    ChangedImage,
    ChangedSide,
    ComparisonResult,
    RankEpoch,
)
from backend.core.kept import Recent
from backend.core.storage import Storage, StoredFileMissing
from models.compare.result import Comparison, RankHistory

GONE = "The files of this comparison are gone; restore them from a backup, or compare the models again."
DATASET_DELETED = "Its data set was deleted, and the result and pictures of this comparison with it."
# They never change, so a key means the same for as long as the process lives.
_RECENT: Recent[ComparisonResult] = Recent(keep=8)


def load(storage: Storage, key: str, comparison_id: str) -> ComparisonResult:
    """The result in a folder of the storage. Raises ``StoredFileMissing``."""

    def read() -> ComparisonResult:
        try:
            content = storage.read(f"{key}/{RESULT}")
        except StoredFileMissing as error:
            raise StoredFileMissing(GONE) from error
        return to_result(json.loads(content), comparison_id)

    return _RECENT.get(key, read)


def read_made(folder: Path, comparison_id: str) -> ComparisonResult:
    """What the process of a job has left. Raises ValueError or OSError if that is not all there."""
    return to_result(json.loads((folder / RESULT).read_text("utf-8")), comparison_id)


def to_result(content: Mapping[str, Any], comparison_id: str) -> ComparisonResult:
    """From what ``running`` wrote. Raises ValueError for anything else."""
    try:
        comparison, changed = Comparison.model_validate(content["comparison"]), content["changed"]
        return ComparisonResult(
            comparison=comparison,
            changed=[
                ChangedImage(
                    **{name: each[name] for name in ("key", "kind", "truth")},
                    path=f"/comparisons/{comparison_id}/changed/{number}",
                    tile_size=changed["tile"],
                    a=_side(each["a"]),
                    b=_side(each["b"]),
                )
                for number, each in enumerate(changed["images"])
            ],
            ranks_a=_ranks(comparison.a.rank_history),
            ranks_b=_ranks(comparison.b.rank_history),
        )
    except KeyError as error:
        raise ValueError(f"the result of the comparison lacks {error}") from error


def _side(found: Mapping[str, Any]) -> ChangedSide:
    return ChangedSide(
        predicted=found["predicted"],
        probabilities=found["probabilities"],
        contributions=[
            ChangedContribution(
                option_id=each["option"],
                group_key=each["group"],
                **{name: each[name] for name in ("text", "score", "contribution")},
            )
            for each in found["contributions"]
        ],
        shown_option=found["shown"],
    )


def _ranks(history: RankHistory) -> list[RankEpoch]:
    return [
        RankEpoch(epoch=epoch, train=train, validation=validation)
        for epoch, train, validation in zip(history.epoch, history.train, history.validation, strict=True)
    ]
