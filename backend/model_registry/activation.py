"""Which version predicts: promotion, warm-up before traffic, and the way back. See docs/adr/0048."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.core.errors import AppError
from backend.db.job_tables import ModelActivation
from backend.db.tables import ModelVersion
from backend.model_registry import repository, service
from backend.model_registry.errors import (
    ActiveChanged,
    AlreadyActive,
    ModelUnavailable,
    NotActive,
    NothingToRollBackTo,
)
from backend.model_registry.presenting import has_files
from backend.model_registry.schemas import ActivationKind, ActivationList, ActivationRead, VersionRef
from backend.people.names import Names
from backend.resources import Resources


@dataclass(frozen=True)
class _Switch:
    """A change of the active version, as somebody decided it.

    Attributes:
        model_version_id: that is to be active.
        folder: of its checkpoint.
        dataset: of it.
        previous_id: that was active when it was decided; None: none was.
        kind: why.
        reason: in words.
        overtaken: the error if another one is active by now.
    """

    model_version_id: str
    folder: Path
    dataset: str
    previous_id: str | None
    kind: ActivationKind
    reason: str
    overtaken: type[AppError]


def list_activations(session: Session, dataset: str | None) -> ActivationList:
    """Newest first."""
    return ActivationList(items=_read(session, repository.list_activations(session, dataset)))


def activate(resources: Resources, model_version_id: str, reason: str) -> ActivationRead:
    """Makes a version the one that predicts for its data set, once it is in memory.

    Raises:
        ModelNotFound, AlreadyActive: there is nothing to do.
        ModelUnavailable, WarmUpTooSlow, ServerBusy: it could not be loaded; nothing has changed.
        ActiveChanged: another one was activated meanwhile; nothing has changed.
    """
    with resources.database.reading() as session:
        row = service.require(session, model_version_id)
        if row.active:
            raise AlreadyActive
        before = next((each.id for each in repository.list_active(session, row.dataset)), None)
    kind = ActivationKind.FIRST if before is None else ActivationKind.PROMOTION
    return _switch(
        resources, _Switch(row.id, Path(row.folder), row.dataset, before, kind, reason, overtaken=ActiveChanged)
    )


def roll_back(resources: Resources, model_version_id: str, reason: str) -> ActivationRead:
    """Puts the version back that the active one took the place of when it was promoted last.

    After a rollback the next one goes a step further back; what was taken back comes into use again by a promotion.

    Raises:
        ModelNotFound, NotActive: this is not the active one (any more).
        NothingToRollBackTo: it took nobody's place, as far as is known, or that one's files are gone.
        ModelUnavailable, WarmUpTooSlow, ServerBusy: the one before could not be loaded; nothing has changed.
    """
    with resources.database.reading() as session:
        row = service.require(session, model_version_id)
        if not row.active:
            raise NotActive
        latest = repository.latest_activations(session, [row.id]).get(row.id)
        previous_id = latest.previous_id if latest is not None else None
        target = None if previous_id is None else repository.get(session, previous_id)
    if target is None or target.dataset != row.dataset or not has_files(target.folder):
        raise NothingToRollBackTo
    return _switch(
        resources,
        _Switch(
            target.id, Path(target.folder), row.dataset, row.id, ActivationKind.ROLLBACK, reason, overtaken=NotActive
        ),
    )


def _switch(resources: Resources, wanted: _Switch) -> ActivationRead:
    """Loads first; the transaction starts only then, so that nobody waits for the load but the model's own queue."""
    if not has_files(str(wanted.folder)):
        raise ModelUnavailable
    timeout = resources.settings.prediction_timeout_seconds
    with (
        resources.inference.warm(wanted.model_version_id, wanted.folder, timeout),
        resources.database.writing() as session,
    ):
        return _flip(session, wanted)


def _flip(session: Session, wanted: _Switch) -> ActivationRead:
    """One goes, the other comes: in one transaction, with the reason."""
    versions = {row.id: row for row in repository.lock_dataset(session, wanted.dataset)}
    target = versions.get(wanted.model_version_id)
    active = next((row for row in versions.values() if row.active), None)
    if active is not None and active.id == wanted.model_version_id and wanted.kind is not ActivationKind.ROLLBACK:
        raise AlreadyActive
    if target is None or (active.id if active is not None else None) != wanted.previous_id:
        raise wanted.overtaken
    _set_active(session, active, target, wanted)
    entry = ModelActivation(
        dataset=wanted.dataset,
        kind=wanted.kind.value,
        model_version_id=target.id,
        previous_id=wanted.previous_id,
        reason=wanted.reason,
        author_id=current().user_id,
    )
    session.add(entry)
    told = {
        "dataset": wanted.dataset, "kind": wanted.kind.value, "previous": wanted.previous_id, "reason": wanted.reason
    }  # fmt: skip
    record(session, "model_version.activated", Subject("model_version", target.id), after=told)
    return _read(session, [entry])[0]


def _set_active(session: Session, active: ModelVersion | None, target: ModelVersion, wanted: _Switch) -> None:
    """The one that was goes first: there is at most one active version a data set at any moment."""
    try:
        if active is not None:
            active.active = False
            session.flush()
        target.active = True
        session.flush()
    except IntegrityError as error:  # a version that is registered just now, by another server, was not there to lock
        raise wanted.overtaken from error


def _read(session: Session, entries: Sequence[ModelActivation]) -> list[ActivationRead]:
    ids = {each for entry in entries for each in (entry.model_version_id, entry.previous_id) if each is not None}
    names = repository.names(session, ids)
    people = Names(session, (entry.author_id for entry in entries))

    def ref(model_version_id: str) -> VersionRef:
        return VersionRef(id=model_version_id, name=names[model_version_id])

    return [
        ActivationRead(
            id=entry.id,
            dataset=entry.dataset,
            kind=ActivationKind(entry.kind),
            model=ref(entry.model_version_id),
            previous=None if entry.previous_id is None else ref(entry.previous_id),
            reason=entry.reason,
            author=people.ref_or_none(entry.author_id),
            created_at=entry.created_at,
        )
        for entry in entries
    ]
