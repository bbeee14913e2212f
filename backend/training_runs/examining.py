"""What somebody asks for, looked up, with everything that stands in its way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from backend.concept_sets import repository as concept_sets
from backend.concept_sets.errors import RevisionNotFound
from backend.concept_sets.presenting import concept_set_of
from backend.concept_sets.service import require as require_set
from backend.concept_sets.service import require_revision
from backend.db.tables import ConceptSetRevision, ConceptSetRow, ModelVersion
from backend.label_exports import fitting
from backend.label_exports.fitting import FittingCase
from backend.model_registry.service import concept_set_of as concept_set_of_model
from backend.model_registry.service import require as require_model
from backend.resources import Resources
from backend.training_runs import repository, sources
from backend.training_runs.order import CONCEPT_SET, LABELS, Counts, Order
from backend.training_runs.schemas import DrawnImages, TrainingMode, TrainingRunCreate
from backend.training_runs.sources import Source
from models.concepts import ConceptSet

if TYPE_CHECKING:
    from models.train import TrainConfig

QUICK_IMAGES = 2000
NAME_TAKEN = "There is a model or a training run called {name} already; choose another name."
_NAME_LENGTH = 64
_NO_PARENT_WORDS = (
    "The parent {name} does not say how it was trained, so no training can go on from it; choose another."
)


@dataclass(frozen=True)
class Asked:
    """A request with the rows that it names.

    Attributes:
        body: as it was sent.
        source: the data set.
        test: another import that is the test split.
        concept_set_row: the concept set.
        revision: of it.
        concept_set: what the revision says.
        parent: model version to start from.
        labelled: cases whose labels could be included.
    """

    body: TrainingRunCreate
    source: Source
    test: Source | None
    concept_set_row: ConceptSetRow
    revision: ConceptSetRevision
    concept_set: ConceptSet
    parent: ModelVersion | None
    labelled: list[FittingCase]

    @property
    def quick(self) -> bool:
        return self.body.settings.mode is TrainingMode.QUICK

    @property
    def images(self) -> DrawnImages:
        """To draw: those asked for, else the parent's, else those of the shipped models; in quick mode fewer."""
        if self.body.settings.images is not None:
            return self.body.settings.images
        found = _drawn_for(self.parent, self.source) or sources.DRAWN
        return found.model_copy(update={"train": min(found.train, QUICK_IMAGES)}) if self.quick else found

    @property
    def counts(self) -> Counts:
        """Images that are trained, validated and tested on."""
        found = sources.counts(self.source, self.test, self.images)
        most = self.most_images
        return found if not self.quick else found.model_copy(update={"train": min(found.train, most)})

    @property
    def most_images(self) -> int:
        """Training images that quick mode takes at most."""
        return self.images.train if self.source.prepared is None else QUICK_IMAGES


@dataclass
class Examined:
    """What was found out about a request.

    Attributes:
        asked: the request.
        changes: what the edit means for the parent's weights, in words.
        problems: why it cannot be started as it is, each with what to do.
        training: all settings of the training; None where they do not come about.
    """

    asked: Asked
    changes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    training: TrainConfig | None = None


def look_up(session: Session, resources: Resources, body: TrainingRunCreate) -> Asked:
    """The rows that a request names.

    Raises:
        DatasetNotFound, DatasetNotReady, DatasetDamaged, ConceptSetNotFound, RevisionNotFound, ModelNotFound: one is
            not there.
    """
    source = sources.find(session, resources.library, body.dataset_id)
    test = None if body.test_dataset_id is None else sources.find(session, resources.library, body.test_dataset_id)
    row = require_set(session, body.concept_set_id)
    revision = _revision(session, row, body.concept_set_revision_id)
    parent = None if body.parent_model_version_id is None else require_model(session, body.parent_model_version_id)
    concept_set = concept_set_of(revision)
    return Asked(body, source, test, row, revision, concept_set, parent, fitting.collect(session, concept_set))


def examine(session: Session, resources: Resources, asked: Asked) -> Examined:
    """Everything that can be known before the training begins."""
    found = Examined(asked)
    found.problems += [*_data_problems(asked), *_concept_problems(asked), *_label_problems(asked)]
    if asked.body.name is not None and asked.body.name in repository.taken_names(session):
        found.problems.append(NAME_TAKEN.format(name=asked.body.name))
    if asked.parent is None and asked.quick:
        found.problems.append(
            "Quick mode trains what stands behind a parent's encoder; choose a parent model, or full mode."
        )
    _examine_training(found, order(asked, resources, "model", resources.settings.jobs_dir / "none"))
    return found


def order(asked: Asked, resources: Resources, name: str, work: Path) -> Order:
    """What the process will be given, as far as it is known now: nothing is written."""
    settings, device = asked.body.settings, resources.settings.device
    return Order(
        name=name,
        mode=settings.mode,
        work=work,
        data=sources.data_settings(asked.source, asked.test, asked.images),
        counts=asked.counts,
        most_images=asked.most_images,
        concept_set=work / CONCEPT_SET,
        concepts=f"{asked.concept_set.name}, revision {asked.revision.number}",
        parent=None if asked.parent is None else Path(asked.parent.folder),
        labels=work / LABELS if settings.include_labels else None,
        storage=resources.settings.storage_dir,
        cache=resources.settings.data_dir / "cache",
        device=device,
        epochs=settings.epochs,
        patience=settings.patience,
        learning_rate=settings.learning_rate,
        seed=settings.seed,
        lineage={},
    )


def default_name(asked: Asked, taken: set[str]) -> str:
    """The parent's name, or that of the data set, with the next number that is free."""
    base = asked.source.name if asked.parent is None else re.sub(r"-\d+$", "", asked.parent.name)
    base = re.sub(r"[^a-z0-9]+", "-", base.lower()).strip("-")[: _NAME_LENGTH - 8].rstrip("-") or "model"
    number = 1 if asked.parent is None else 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def _revision(session: Session, row: ConceptSetRow, revision_id: str | None) -> ConceptSetRevision:
    if revision_id is None:
        newest = concept_sets.newest(session, row.id).get(row.id)
        if newest is None:
            raise RevisionNotFound
        return newest
    found = require_revision(session, revision_id)
    if found.concept_set_id != row.id:
        raise RevisionNotFound(f"This revision is not one of the concept set {row.name}; choose one of that set.")
    return found


def _drawn_for(parent: ModelVersion | None, source: Source) -> DrawnImages | None:
    """How many images of this procedural set the parent was trained with."""
    data = _recorded(parent).get("data") or {}
    if data.get("kind", "procedural") != "procedural" or data.get("name") != source.name:
        return None
    try:
        return DrawnImages(**{split: data[split] for split in ("train", "validation", "test")})
    except (KeyError, ValueError):
        return None


def _recorded(parent: ModelVersion | None) -> dict[str, Any]:
    """Settings of the parent's training."""
    training = {} if parent is None else parent.metrics.get("training")
    settings = training.get("settings") if isinstance(training, dict) else None
    return settings if isinstance(settings, dict) else {}


def _data_problems(asked: Asked) -> Iterator[str]:
    source, test = asked.source, asked.test
    if source.prepared is None:
        if test is not None:
            yield f"{source.name} draws its own test images; leave the test data set out."
        return
    if asked.body.settings.images is not None:
        yield f"{source.name} was imported and has the images it has; leave the numbers of images out."
    yield from _test_problems(source, test)
    for split, count in asked.counts.model_dump().items():
        if count == 0:
            advice = ", or choose another import as the test data set" if split == "test" else ""
            yield f"The {split} split of {source.name} is empty; import it with other fractions{advice}."


def _test_problems(source: Source, test: Source | None) -> Iterator[str]:
    if test is None:
        return
    if test.id == source.id:
        yield "The test data set is the data set itself; leave it out to test on the test split."
        return
    if test.prepared is None:
        yield f"{test.name} is drawn; only an import can be the test data set of another."
        return
    if set(test.classes) != set(source.classes):
        yield (
            f"The test data set {test.name} has the classes {', '.join(test.classes)}, but {source.name} has "
            f"{', '.join(source.classes)}; choose one with the same classes."
        )
    shared = sources.shared_images(source, test)
    if shared:
        yield (
            f"{len(shared)} images of the test data set {test.name} are trained or validated on in {source.name}, such "
            f"as {shared[0]}; a model is not tested on what it has seen, so choose another."
        )


def _concept_problems(asked: Asked) -> Iterator[str]:
    known = asked.concept_set.class_keys
    lacking = [key for key in asked.source.classes if key not in known]
    if lacking:
        yield (
            f"The concept set {asked.concept_set.title} lacks classes of {asked.source.name}: "
            f"{', '.join(lacking[:8])}; it has {', '.join(known[:8])}. Choose a concept set of these classes, or "
            "other data."
        )


def _label_problems(asked: Asked) -> Iterator[str]:
    if not asked.body.settings.include_labels:
        return
    if asked.parent is None:
        yield "Labels of reviewed cases join a retraining; choose a parent model, or leave them out."
    elif not asked.labelled:
        yield (
            "No reviewed case has labels that can be included: people must agree on a class of "
            f"{asked.concept_set.title}. Leave the labels out, or label cases first."
        )
    elif len({case.label for case in asked.labelled}) == 1:
        yield (
            f"All {len(asked.labelled)} labelled cases are of the class {asked.labelled[0].label}; labels of at least "
            "two classes are needed. Leave the labels out, or label cases of another class."
        )


def _examine_training(found: Examined, wanted: Order) -> None:
    """Parent and settings: what only the training's own code knows."""
    from backend.training_runs import recipe  # noqa: PLC0415 (imports torch)

    asked, checkpoint = found.asked, None
    if asked.parent is not None:
        try:
            found.changes = recipe.changes(concept_set_of_model(asked.parent), asked.concept_set)
        except recipe.RetrainError as error:
            found.problems.append(_sentence(error))
        try:
            checkpoint = recipe.open_parent(Path(asked.parent.folder))
        except recipe.CheckpointError:
            found.problems.append(
                f"The files of the parent {asked.parent.name} are gone or damaged on the server; choose another."
            )
            return
    if asked.parent is None and asked.quick:
        return
    try:
        found.training = recipe.settings_of(wanted, checkpoint)
    except ValueError:
        name = "" if asked.parent is None else asked.parent.name
        found.problems.append(_NO_PARENT_WORDS.format(name=name))
        return
    drawn = [asked.source.name] if asked.source.prepared is None else []
    drawn += [found.training.auxiliary.name] if found.training.auxiliary is not None else []
    if set(asked.source.classes) <= set(asked.concept_set.class_keys):
        found.problems += [f"{_sentence(text)[:-1]}; choose other concepts or other data." for text in
                           recipe.drawn_problems(drawn, asked.concept_set)]  # fmt: skip


def _sentence(error: Exception | str) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
