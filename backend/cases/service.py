"""What happens with cases."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image
from sqlalchemy.orm import Session

from backend.audit.service import Subject, record
from backend.cases import imaging, repository
from backend.cases.cursors import decode_cursor, encode_cursor
from backend.cases.errors import UnknownCaseDataset
from backend.cases.schemas import CasePage, CaseRead, CaseUpdate, LatestPrediction
from backend.core.errors import PayloadTooLarge
from backend.core.settings import MIB, Settings
from backend.core.slots import PictureSlots
from backend.core.storage import Storage
from backend.datasets.procedural import PROCEDURAL
from backend.db.base import new_id
from backend.db.session import Database, on_commit, on_rollback
from backend.db.tables import Case, Prediction

logger = logging.getLogger(__name__)

FOLDER = "cases"
_EDITABLE = ("pseudonym", "notes", "dataset")
# A file without a row is younger than this while its upload may still be committing.
ORPHAN_SECONDS = 3600.0


@dataclass(frozen=True)
class Origin:
    """Where a case's image comes from, beyond its pixels."""

    filename: str | None = None
    dataset: str | None = None
    synthetic: bool = False


@dataclass(frozen=True)
class CaseCreator:
    """Makes cases. Files are written before the row is committed, and taken back if it is not."""

    session: Session
    storage: Storage
    settings: Settings
    picture_slots: PictureSlots

    def create_from_upload(
        self, file: BinaryIO, filename: str | None, pseudonym: str | None, notes: str | None
    ) -> CaseRead:
        """Raises the errors of ``imaging.read_image`` and ``PayloadTooLarge``."""
        with self.picture_slots:
            content = file.read(self.settings.max_upload_bytes + 1)
            if len(content) > self.settings.max_upload_bytes:
                limit = self.settings.max_upload_bytes / MIB
                raise PayloadTooLarge(f"The file is larger than {limit:g} MiB, the most the server takes.")
            return self._create(content, Origin(filename=_clean_filename(filename)), pseudonym, notes)

    def create(
        self, content: bytes, origin: Origin, pseudonym: str | None = None, notes: str | None = None
    ) -> CaseRead:
        """A case from the bytes of an image file that the server has itself."""
        with self.picture_slots:
            return self._create(content, origin, pseudonym, notes)

    def _create(self, content: bytes, origin: Origin, pseudonym: str | None, notes: str | None) -> CaseRead:
        picture = imaging.read_image(content, self.settings.max_pixels)
        case_id = new_id()
        owner = f"{FOLDER}/{case_id}"
        on_rollback(self.session, lambda: self.storage.delete_all(owner))
        case = Case(
            id=case_id,
            pseudonym=pseudonym or f"Case {case_id[:6].upper()}",
            notes=notes or "",
            sha256=hashlib.sha256(content).hexdigest(),
            width=picture.image.width,
            height=picture.image.height,
            frames=picture.frames,
            source_format=picture.source_format.value,
            deidentified=True,  # only the pixels are kept
            dataset=origin.dataset,
            synthetic=origin.synthetic,
            filename=origin.filename,
            image_key=self.storage.put(owner, imaging.encode_png(picture.image), ".png"),
            thumbnail_key=self.storage.put(owner, imaging.encode_thumbnail(picture.image), ".webp"),
        )
        self.session.add(case)
        described = {name: getattr(case, name) for name in (*_EDITABLE, "sha256", "filename", "synthetic")}
        record(self.session, "case.created", Subject("case", case.id), after=described)
        return _read(case, None)


def list_cases(session: Session, limit: int, cursor: str | None, search: str | None) -> CasePage:
    """One page, newest first. Raises ``BadCursor``."""
    after = decode_cursor(cursor) if cursor else None
    found = repository.list_page(session, limit + 1, after, search)
    page, more = found[:limit], len(found) > limit
    last = page[-1] if more else None
    return CasePage(
        items=_read_all(session, page),
        next_cursor=encode_cursor(last.created_at, last.id) if last else None,
        total=repository.count(session, search),
    )


def read_case(session: Session, case: Case) -> CaseRead:
    """One case as the contract shows it."""
    return _read_all(session, [case])[0]


def update_case(session: Session, case: Case, update: CaseUpdate) -> CaseRead:
    """Changes what is given. Raises ``UnknownCaseDataset``."""
    if update.dataset and update.dataset not in PROCEDURAL and not repository.knows_dataset(session, update.dataset):
        raise UnknownCaseDataset
    given = update.model_dump(exclude_none=True)
    changed = {name: value for name, value in given.items() if getattr(case, name) != value}
    before = {name: getattr(case, name) for name in changed}
    for name, value in changed.items():
        setattr(case, name, value)
    if changed:
        record(session, "case.changed", Subject("case", case.id), before, changed)
    return read_case(session, case)


def delete_case(session: Session, storage: Storage, case: Case) -> None:
    """Row and predictions now; files once that is committed, so that no row ever lacks its file."""
    described = {name: getattr(case, name) for name in (*_EDITABLE, "sha256")}
    session.delete(case)
    record(session, "case.deleted", Subject("case", case.id), before=described)
    on_commit(session, lambda: storage.delete_all(f"{FOLDER}/{case.id}"))


def open_image(storage: Storage, case: Case) -> Image.Image:
    """The case's image, RGB. It was checked when it came in."""
    image = Image.open(io.BytesIO(storage.read(case.image_key)), formats=["PNG"])
    image.load()
    return image


def thumbnail(storage: Storage, case: Case, size: int) -> bytes:
    """WebP, made smaller from the stored thumbnail where that is large enough."""
    stored = storage.read(case.thumbnail_key)
    return stored if size >= imaging.THUMBNAIL_SIZE else imaging.shrink(stored, size)


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
    latest = repository.latest_predictions(session, [case.id for case in cases])
    return [_read(case, latest.get(case.id)) for case in cases]


def _read(case: Case, latest: Prediction | None) -> CaseRead:
    fields = {name: getattr(case, name) for name in CaseRead.model_fields if name != "latest_prediction"}
    summary = LatestPrediction.model_validate(latest) if latest else None
    return CaseRead(**fields, latest_prediction=summary)


def _clean_filename(filename: str | None) -> str | None:
    """The last part of what the sender calls the file, for display only."""
    if not filename:
        return None
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].encode("utf-8", "replace").decode()
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-255:] or None
