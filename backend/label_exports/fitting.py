"""Labels of people in terms of a concept set, for a training: whatever version of the set they were given with.

What the set has no longer (an option that was taken out) is not said of the case; what stays is found by its key. Of
one person's labels of a case with several versions, the latest counts.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

from sqlalchemy.orm import Session

from backend.core.storage import Storage, StoredFileMissing
from backend.db.tables import Label
from backend.label_exports import repository
from backend.label_exports.consensus import Marks, agree
from backend.label_exports.repository import LabelledCase
from backend.label_exports.service import CONCEPT_SET, IMAGES, TABLE
from models.concepts import ConceptSet, dump_concept_set
from models.data.adapters.csv_table import ABSENT, OPTION_PREFIX


@dataclass(frozen=True)
class FittingCase:
    """A case with what people agree on.

    Attributes:
        case_id: of the case.
        image_key: of its image in the storage.
        group: pseudonym, which keeps images of one patient together.
        label: key of the class.
        options: key of the option by group key; "absent" is what the import takes for it.
    """

    case_id: str
    image_key: str
    group: str
    label: str
    options: dict[str, str]


def collect(session: Session, concept_set: ConceptSet) -> list[FittingCase]:
    """The labelled cases that whoever asks may see and that a training with this set can take in.

    A case is left out if nobody names a class of the set, or as many people name one as another. Labels of a frame
    that the case's image does not show do not count.
    """
    labelled: list[LabelledCase] = []
    for known in repository.list_concepts(session):
        if known.model.concept_set["name"] == concept_set.name:
            labels = repository.list_labels(session, known.model.concept_set_digest)
            labelled += [each for each in labels if each.of_image]
    labelled.sort(key=lambda each: (each.case.created_at, each.case.id))
    found = (_fit(list(group), concept_set) for _, group in groupby(labelled, key=lambda each: each.case.id))
    return [case for case in found if case is not None]


def keep(cases: Sequence[FittingCase], path: Path) -> None:
    """Writes cases down, without their images."""
    path.write_text(json.dumps([asdict(case) for case in cases]), "utf-8")


def write_folder(kept: Path, concept_set: ConceptSet, storage: Storage, folder: Path) -> int:
    """From what ``keep`` wrote to a folder as ``vitrine labels export`` makes it, as a whole or not at all.

    Args:
        kept: the file.
        concept_set: that the cases were collected for.
        storage: holds the images.
        folder: to make; one that is there already stays as it is.

    Returns:
        Cases that were left out because they have been deleted meanwhile.

    Raises:
        OSError: the folder cannot be written.
    """
    remove_unfinished(folder)
    if folder.is_dir():
        return 0
    cases = [FittingCase(**case) for case in json.loads(kept.read_text("utf-8"))]
    making = folder.with_name(f"{_making(folder)}{os.getpid()}")
    try:
        (making / IMAGES).mkdir(parents=True)
        rows = [row for case in cases if (row := _row(case, concept_set, storage, making)) is not None]
        columns = ("image", "label", "group", *(f"{OPTION_PREFIX}{key}" for key in concept_set.group_keys))
        with (making / TABLE).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        dump_concept_set(concept_set, making / CONCEPT_SET)
        making.replace(folder)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return len(cases) - len(rows)


def remove_unfinished(folder: Path) -> None:
    """What processes that were killed while they wrote the folder have left beside it."""
    for left in folder.parent.glob(f"{_making(folder)}*"):
        shutil.rmtree(left, ignore_errors=True)


def _making(folder: Path) -> str:
    return f".{folder.name}.making-"


def _row(case: FittingCase, concept_set: ConceptSet, storage: Storage, folder: Path) -> tuple[str, ...] | None:
    name = f"{IMAGES}/{case.case_id}.png"
    try:
        content = storage.read(case.image_key)
    except StoredFileMissing:
        return None
    (folder / name).write_bytes(content)
    return (name, case.label, case.group, *(case.options.get(key, "") for key in concept_set.group_keys))


def _fit(labelled: list[LabelledCase], concept_set: ConceptSet) -> FittingCase | None:
    latest: dict[str, Label] = {}
    for each in sorted(labelled, key=lambda each: (each.label.updated_at, each.label.id)):
        latest[each.label.author_id] = each.label
    classes = [label.class_key if label.class_key in concept_set.class_keys else None for label in latest.values()]
    agreed = agree(classes, [_known(label.options, concept_set) for label in latest.values()])
    if agreed.class_key is None:
        return None
    case = labelled[0].case
    options = {
        group: ABSENT if option is None else option.removeprefix(f"{group}.")
        for group, option in agreed.options.items()
    }
    return FittingCase(case.id, case.image_key, case.pseudonym, agreed.class_key, options)


def _known(marks: Marks, concept_set: ConceptSet) -> Mapping[str, str | None]:
    """Without groups and options that the set does not have."""
    binary = {group.key for group in concept_set.groups if group.is_binary}
    return {
        group: option
        for group, option in marks.items()
        if (group in binary if option is None else option in concept_set.option_ids)
    }
