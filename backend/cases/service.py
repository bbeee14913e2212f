"""What happens with cases."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import SYSTEM, acting_as, current
from backend.access.rules import may_change
from backend.audit.service import Subject, record
from backend.auth.schemas import GroupRef
from backend.cases import repository
from backend.cases.cursors import decode_cursor, encode_cursor
from backend.cases.errors import CaseInStudy, CaseWaits, GroupsMissing, UnknownCaseDataset
from backend.cases.schemas import CasePage, CaseRead, CaseUpdate, LatestPrediction, Review, SharingUpdate, Visibility
from backend.core.storage import Storage
from backend.datasets.procedural import PROCEDURAL
from backend.db.session import Database, on_commit
from backend.db.tables import Case, Group, Prediction
from backend.intake.encoding import THUMBNAIL_SIZE, shrink
from backend.people import repository as people
from backend.people.errors import UnknownGroup
from backend.people.names import Names

logger = logging.getLogger(__name__)

FOLDER = "cases"
_COMPUTED = frozenset({"owner", "groups", "may_change", "latest_prediction", "filename", "image_version"})
_VERSION_DIGITS = 12
_EDITABLE = ("pseudonym", "notes", "dataset")
# A file without a row is younger than this while its upload may still be committing.
ORPHAN_SECONDS = 3600.0


def list_cases(
    session: Session, limit: int, cursor: str | None, search: str | None, review: Review | None = None
) -> CasePage:
    """One page, newest first. Raises ``BadCursor``."""
    after = decode_cursor(cursor) if cursor else None
    wanted = repository.matching(current(), search, review)
    found = repository.list_page(session, limit + 1, after, wanted)
    page, more = found[:limit], len(found) > limit
    last = page[-1] if more else None
    return CasePage(
        items=_read_all(session, page),
        next_cursor=encode_cursor(last.created_at, last.id) if last else None,
        total=repository.count(session, wanted),
        waiting=repository.count(session, repository.waiting_of(current().user_id)),
    )


def read_case(session: Session, case: Case) -> CaseRead:
    """One case as the contract shows it."""
    return _read_all(session, [case])[0]


def update_case(session: Session, case: Case, update: CaseUpdate) -> CaseRead:
    """Changes what is given. Raises ``UnknownCaseDataset``."""
    given = update.model_dump(exclude_none=True)
    changed = {name: value for name, value in given.items() if getattr(case, name) != value}
    # Only another one is looked up: what the case has already may be a data set that readers do not see.
    dataset = changed.get("dataset")
    if dataset and dataset not in PROCEDURAL and not repository.knows_dataset(session, dataset):
        raise UnknownCaseDataset
    before = {name: getattr(case, name) for name in changed}
    for name, value in changed.items():
        setattr(case, name, value)
    if changed:
        record(session, "case.changed", Subject("case", case.id), before, changed)
    return read_case(session, case)


def share_case(session: Session, case: Case, body: SharingUpdate) -> CaseRead:
    """Says who sees the case.

    Groups that the owner does not belong to (an administrator shared it with them) are taken off with the rest.

    Raises:
        CaseWaits: nobody has looked yet whether its pixels name the patient.
        GroupsMissing: with groups, but none is named.
        UnknownGroup: one of them does not exist, or is none of theirs.
    """
    if case.review == Review.WAITING and body.visibility is not Visibility.PRIVATE:
        raise CaseWaits
    wanted = set(body.group_ids) if body.visibility is Visibility.GROUPS else set()
    if body.visibility is Visibility.GROUPS and not wanted:
        raise GroupsMissing
    if people.existing_groups(session, wanted) != wanted:
        raise UnknownGroup
    with acting_as(SYSTEM):  # also the groups that the owner does not see
        present = {group.id for group in repository.shares(session, [case.id]).get(case.id, [])}
    before = {"visibility": case.visibility, "groups": sorted(present)}
    after = {"visibility": body.visibility.value, "groups": sorted(wanted)}
    if before != after:
        with acting_as(SYSTEM):
            repository.set_shares(session, case.id, wanted)
        case.visibility = body.visibility.value
        record(session, "case.shared", Subject("case", case.id), before, after)
    return read_case(session, case)


def delete_case(session: Session, storage: Storage, case: Case) -> None:
    """Row and predictions now; files once that is committed, so that no row ever lacks its file.

    Raises:
        CaseInStudy: a published reader study refers to it.
    """
    described = {name: getattr(case, name) for name in (*_EDITABLE, "sha256")}
    session.delete(case)
    try:
        session.flush()
    except IntegrityError as error:  # all else that refers to a case goes with it
        raise CaseInStudy from error
    record(session, "case.deleted", Subject("case", case.id), before=described)
    on_commit(session, lambda: storage.delete_all(f"{FOLDER}/{case.id}"))


def thumbnail(storage: Storage, case: Case, size: int) -> bytes:
    """WebP, made smaller from the stored thumbnail where that is large enough."""
    stored = storage.read(case.thumbnail_key)
    return stored if size >= THUMBNAIL_SIZE else shrink(stored, size)


def sweep_orphans(database: Database, storage: Storage, older_than: float = ORPHAN_SECONDS) -> int:
    """Removes files of cases that were never committed, or were deleted just before a crash."""
    owners = list(storage.list_owners(FOLDER, older_than))
    removed = 0
    for start in range(0, len(owners), 500):
        chunk = owners[start : start + 500]
        with database.reading() as session:
            known = repository.existing_ids(session, chunk)
        for owner in chunk:
            if owner not in known:
                storage.delete_all(f"{FOLDER}/{owner}")
                removed += 1
    if removed:
        logger.info("removed the files of %d cases that have no row", removed)
    return removed


def _read_all(session: Session, cases: Sequence[Case]) -> list[CaseRead]:
    ids = [case.id for case in cases]
    latest = repository.latest_predictions(session, ids)
    shares = repository.shares(session, ids)
    names = Names(session, (case.owner_id for case in cases))
    return [_read(case, latest.get(case.id), shares.get(case.id, []), names) for case in cases]


def _read(case: Case, latest: Prediction | None, groups: Sequence[Group], names: Names) -> CaseRead:
    fields = {name: getattr(case, name) for name in CaseRead.model_fields if name not in _COMPUTED}
    changeable = may_change(current(), case)
    return CaseRead(
        **fields,
        # Names of files often are names of patients: for others they are as if they were not there.
        filename=case.filename if changeable else None,
        image_version=_image_version(case),
        owner=names.ref_or_none(case.owner_id),
        groups=[GroupRef.model_validate(group) for group in groups],
        may_change=changeable,
        latest_prediction=LatestPrediction.model_validate(latest) if latest else None,
    )


def _image_version(case: Case) -> str:
    """Follows from the files' keys, which follow from their content."""
    return hashlib.sha256(f"{case.image_key} {case.thumbnail_key}".encode()).hexdigest()[:_VERSION_DIGITS]
