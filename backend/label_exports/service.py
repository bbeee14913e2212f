"""From labels in the database to a folder of images and one table (``vitrine data import csv`` reads it)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from backend.audit.service import Subject, record
from backend.core.spreadsheet import Cell, csv_table
from backend.core.storage import Storage
from backend.db.session import Database, on_rollback
from backend.db.tables import Case
from backend.label_exports import repository
from backend.label_exports.consensus import Consensus, agree
from backend.label_exports.repository import LabelledCase, LabelledConcepts
from backend.model_registry.service import concept_set_of
from backend.people.names import Names
from models.concepts import ConceptSet, dump_concept_set
from models.data.adapters.csv_table import ABSENT, OPTION_PREFIX

TABLE, CONCEPT_SET, IMAGES = "labels.csv", "concept_set.yaml", "images"


class ExportRefused(ValueError):
    """Nothing was written; the message says what to do."""


@dataclass
class Exported:
    """What was written, and what was left out.

    Attributes:
        concept_set: that the labels are of.
        labels: read.
        cases: written.
        classes: keys that occur.
        other_frames: labels left out because they are of a frame that the case's image does not show.
        without_class: cases left out because nobody names a class.
        class_ties: cases left out because as many people name one class as another.
        option_ties: pairs of case and group left empty for the same reason.
    """

    concept_set: ConceptSet
    labels: int = 0
    cases: int = 0
    classes: set[str] = field(default_factory=set)
    other_frames: int = 0
    without_class: int = 0
    class_ties: int = 0
    option_ties: int = 0


def export(database: Database, storage: Storage, folder: Path, wanted: str | None = None) -> Exported:
    """Writes the folder, as a whole or not at all, and an event into the trail.

    The images are copied outside of any transaction: a server on the same database goes on meanwhile.

    Args:
        database: the server's.
        storage: holds the images.
        folder: to make; an empty one will do.
        wanted: name of the concept set, or the beginning of its digest; None if all labels are of one.

    Raises:
        ExportRefused: there is nothing to write, or no place for it, or the concept set is not clear.
        StoredFileMissing: an image is gone.
        OSError: the folder cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(f"{folder} is not an empty folder; choose another")
    with database.reading() as session:
        chosen = _choose(repository.list_concepts(session), wanted)
        found = repository.list_labels(session, chosen.model.concept_set_digest)
        names = Names(session, (each.label.author_id for each in found))
    concept_set = concept_set_of(chosen.model)
    told = Exported(concept_set, labels=len(found), other_frames=sum(not each.of_image for each in found))
    found = [each for each in found if each.of_image]
    making = folder.parent / f".{folder.name}.exporting-{os.getpid()}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        (making / IMAGES).mkdir(parents=True)
        rows = list(_rows(found, names, told, making, storage))
        if not rows:
            raise ExportRefused("no case has a class that people agree on, so there is nothing to train on")
        columns = ("image", "label", "group", *(f"{OPTION_PREFIX}{key}" for key in concept_set.group_keys))
        (making / TABLE).write_bytes(csv_table((*columns, "labelled_by", "synthetic"), rows))
        dump_concept_set(concept_set, making / CONCEPT_SET)
        after = {"concept_set_digest": chosen.model.concept_set_digest, "labels": told.labels, "cases": told.cases}
        with database.writing() as session:
            record(session, "labels.exported", Subject("concept_set", concept_set.name), after=after)
            making.replace(folder)
            # No images without the event. Only from here on is the folder ours to remove.
            on_rollback(session, lambda: shutil.rmtree(folder, ignore_errors=True))
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return told


def _rows(
    found: list[LabelledCase], names: Names, told: Exported, folder: Path, storage: Storage
) -> Iterator[tuple[Cell, ...]]:
    for _, group in groupby(found, key=lambda each: each.case.id):
        labelled = list(group)
        agreed = agree([each.label.class_key for each in labelled], [each.label.options for each in labelled])
        told.class_ties += agreed.class_tied
        if agreed.class_key is None:
            told.without_class += not agreed.class_tied
            continue
        told.option_ties += len(agreed.tied)
        told.cases += 1
        told.classes.add(agreed.class_key)
        people = "; ".join(names.ref(each.label.author_id).name for each in labelled)
        yield _row(labelled[0].case, agreed, people, told.concept_set, folder, storage)


def _row(
    case: Case, agreed: Consensus, people: str, concept_set: ConceptSet, folder: Path, storage: Storage
) -> tuple[Cell, ...]:
    name = f"{IMAGES}/{case.id}.png"
    (folder / name).write_bytes(storage.read(case.image_key))
    options = [_cell(agreed, key) for key in concept_set.group_keys]
    return (name, agreed.class_key, case.pseudonym, *options, people, int(case.synthetic))


def _cell(agreed: Consensus, group: str) -> str:
    """The option's key as the import knows it; empty where nothing is known."""
    if group not in agreed.options:
        return ""
    option = agreed.options[group]
    return ABSENT if option is None else option.removeprefix(f"{group}.")


def _choose(found: list[LabelledConcepts], wanted: str | None) -> LabelledConcepts:
    if not found:
        raise ExportRefused("nobody has labelled a case yet, so there is nothing to export")
    known = ", ".join(
        f"{each.model.concept_set['name']} (digest {each.model.concept_set_digest[:12]}, {each.labels} labels)"
        for each in found
    )
    if wanted is None:
        if len(found) > 1:
            raise ExportRefused(f"there are labels of several concept sets; name one with --concept-set: {known}")
        return found[0]
    fits = [
        each
        for each in found
        if each.model.concept_set["name"] == wanted or each.model.concept_set_digest.startswith(wanted)
    ]
    if len(fits) != 1:
        said = "no labels are" if not fits else "labels of several versions are"
        raise ExportRefused(f"{said} of the concept set '{wanted}'; there are {known}")
    return fits[0]
