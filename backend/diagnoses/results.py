"""What a finished diagnosis says, read from the storage and put into the form of the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.core.kept import Recent
from backend.core.storage import Storage, StoredFileMissing
from backend.diagnoses.orders import RESULT
from backend.diagnoses.rules import rules_of
from backend.diagnoses.schemas import (
    CodeSheet,
    CodeTile,
    DiagnosisResult,
    EmbeddingRead,
    OptionSheet,
    OptionTile,
)
from models.diagnose.results import Diagnosis, Embedding

GONE = "The files of this diagnosis are gone; restore them from a backup, or start the diagnosis again."


@dataclass(frozen=True)
class StoredDiagnosis:
    """A result, ready to be sent.

    Attributes:
        result: all but the embeddings.
        embeddings: by method.
    """

    result: DiagnosisResult
    embeddings: Mapping[str, EmbeddingRead]


DATASET_DELETED = "Its data set was deleted, and the result and pictures of this diagnosis with it."
# A few megabytes each. They never change, so a key means the same for as long as the process lives.
_RECENT: Recent[StoredDiagnosis] = Recent(keep=8)


def load(storage: Storage, key: str, diagnosis_id: str) -> StoredDiagnosis:
    """The result in a folder of the storage. Raises ``StoredFileMissing``."""

    def read() -> StoredDiagnosis:
        try:
            content = storage.read(f"{key}/{RESULT}")
        except StoredFileMissing as error:
            raise StoredFileMissing(GONE) from error
        return to_stored(json.loads(content), diagnosis_id)

    return _RECENT.get(key, read)


def read_made(folder: Path, diagnosis_id: str) -> StoredDiagnosis:
    """What the process of a job has left. Raises ValueError or OSError if that is not all there."""
    return to_stored(json.loads((folder / RESULT).read_text("utf-8")), diagnosis_id)


def to_stored(content: Mapping[str, Any], diagnosis_id: str) -> StoredDiagnosis:
    """From what ``running`` wrote. Raises ValueError for anything else."""
    try:
        diagnosis = Diagnosis.model_validate(content["diagnosis"])
        gallery, classes = content["gallery"], content["classes"]
        result = DiagnosisResult(
            concept_set_digest=diagnosis.concept_set,
            dataset=diagnosis.dataset,
            synthetic=diagnosis.synthetic,
            images=diagnosis.images,
            grid=diagnosis.grid,
            settings=diagnosis.settings,
            rules={str(kind): words for kind, words in rules_of(diagnosis.settings).items()},
            flags=diagnosis.flags,
            codes=diagnosis.codes,
            groups=diagnosis.groups,
            options=diagnosis.options,
            option_sheets=[_option_sheet(sheet, gallery, diagnosis_id) for sheet in gallery["options"]],
            code_sheets=[_code_sheet(sheet, gallery, classes, diagnosis_id) for sheet in gallery["codes"]],
            embeddings=[each.method for each in diagnosis.embeddings],
        )
    except KeyError as error:
        raise ValueError(f"the result of the diagnosis lacks {error}") from error
    return StoredDiagnosis(result, {each.method: _embedding(each, diagnosis) for each in diagnosis.embeddings})


def _option_sheet(sheet: Mapping[str, Any], gallery: Mapping[str, Any], diagnosis_id: str) -> OptionSheet:
    tiles = [
        OptionTile(row=each["row"], key=each["key"], class_key=each["label"], score=each["score"], end=each["end"])
        for each in sheet["tiles"]
    ]
    return OptionSheet(
        option_id=sheet["id"],
        path=_path(diagnosis_id, sheet["file"]),
        tile_size=gallery["tile"],
        columns=len(tiles),
        tiles=tiles,
    )


def _code_sheet(
    sheet: Mapping[str, Any], gallery: Mapping[str, Any], classes: Mapping[str, str | None], diagnosis_id: str
) -> CodeSheet:
    return CodeSheet(
        index=sheet["index"],
        path=_path(diagnosis_id, sheet["file"]),
        tile_size=gallery["crop"],
        columns=gallery["columns"],
        tiles=[CodeTile(**each, class_key=classes[str(each["row"])]) for each in sheet["tiles"]],
    )


def _path(diagnosis_id: str, file: str) -> str:
    return f"/diagnoses/{diagnosis_id}/sheets/{Path(file).stem}"


def _embedding(found: Embedding, diagnosis: Diagnosis) -> EmbeddingRead:
    return EmbeddingRead(
        method=found.method,
        explained=found.explained,
        places=[point.place for point in found.tokens],
        codes_of=[point.code for point in found.tokens],
        keys=[diagnosis.keys[point.row] for point in found.tokens],
        patches=[point.patch for point in found.tokens],
        codes=found.codes,
    )
