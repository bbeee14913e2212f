"""How cases come to be: from uploads, which are trusted in nothing, and from images that the server made itself."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.cases import originals, repository
from backend.cases.errors import DamagedImage, ImageTooLarge, UnsupportedImage
from backend.cases.receiving import Received, received
from backend.cases.schemas import CaseRead, Review, Visibility
from backend.cases.service import FOLDER, read_case
from backend.core.settings import Settings
from backend.core.slots import Slots
from backend.core.storage import Storage
from backend.db.base import new_id
from backend.db.session import Database, on_rollback
from backend.db.tables import Case
from backend.intake.deidentification.service import picture_report
from backend.intake.encoding import encode_png, encode_thumbnail
from backend.intake.errors import IntakeError
from backend.intake.result import HEADER, IMAGE, THUMBNAIL, Account, SourceFormat, frame_name
from backend.intake.sandbox import Decoded, Sandbox

_REFUSALS = {error.code: error for error in (UnsupportedImage, DamagedImage, ImageTooLarge)}
_DESCRIBED = ("pseudonym", "notes", "dataset", "sha256", "filename", "synthetic", "source_format", "review",
              "modality", "body_part")  # fmt: skip
_PSEUDONYM_LETTERS = 120


@dataclass(frozen=True)
class Origin:
    """Where a case's image comes from, beyond its pixels."""

    filename: str | None = None
    dataset: str | None = None
    synthetic: bool = False


@dataclass(frozen=True)
class CaseCreator:
    """Makes cases. Files are written before the row is committed, and taken back if it is not.

    Args:
        session: a writing one. Its transaction begins only when all files are there.
        database: to look whether one has the file already, before that.
        storage: of the files.
        settings: limits, and whether originals are kept.
        picture_slots: for what is decoded here.
        sandbox: for what is not.
    """

    session: Session
    database: Database
    storage: Storage
    settings: Settings
    picture_slots: Slots
    sandbox: Sandbox

    def create_from_upload(
        self, file: BinaryIO, filename: str | None, pseudonym: str | None, notes: str | None
    ) -> tuple[CaseRead, bool]:
        """The case, and whether it is new: one has the same file already, then that case is given back as it is.

        Raises:
            UnsupportedImage, DamagedImage, ImageTooLarge, PayloadTooLarge: what is wrong with the file.
            ServerBusy, StorageFull: there is no place for it now.
        """
        origin = Origin(filename=_clean_filename(filename))
        with received(file, self.settings) as upload:
            known = self._known(upload.sha256)
            if known is not None:
                return known, False
            try:
                with self.sandbox.decode(upload.path) as decoded:
                    case = self._stored(upload, decoded, origin)
            except IntakeError as error:
                raise _REFUSALS[error.code](str(error)) from error
        case.pseudonym = pseudonym or case.pseudonym
        case.notes = notes or ""
        return self._added_once(case)

    def create(
        self, content: bytes, origin: Origin, pseudonym: str | None = None, notes: str | None = None
    ) -> CaseRead:
        """A case from a PNG that the server has made itself."""
        with self.picture_slots:
            with Image.open(io.BytesIO(content), formats=["PNG"]) as png:
                image = png.convert("RGB")
            case_id = new_id()
            owner = self._owner(case_id)
            case = _row(case_id, origin, hashlib.sha256(content).hexdigest())
            case.pseudonym = pseudonym or _made_up(case_id)
            case.notes = notes or ""
            case.width, case.height, case.frames = image.width, image.height, 1
            case.source_format = SourceFormat.PNG.value
            case.deidentification = picture_report([]).model_dump(mode="json")
            case.image_key = self.storage.put(owner, encode_png(image), ".png")
            case.thumbnail_key = self.storage.put(owner, encode_thumbnail(image), ".webp")
        return self._added(case)

    def _known(self, sha256: str) -> CaseRead | None:
        with self.database.reading() as session:
            case = repository.of_content(session, current().user_id, sha256)
            return None if case is None else read_case(session, case)

    def _owner(self, case_id: str) -> str:
        """The prefix of a case's files, from now on taken back with the transaction."""
        owner = f"{FOLDER}/{case_id}"
        on_rollback(self.session, lambda: self.storage.delete_all(owner))
        return owner

    def _stored(self, upload: Received, decoded: Decoded, origin: Origin) -> Case:
        """The row of what was decoded, whose files are in the storage."""
        account, folder = decoded.account, decoded.folder
        case_id = new_id()
        owner = self._owner(case_id)
        case = _row(case_id, origin, upload.sha256)
        _describe(case, account)
        case.image_key = self.storage.put(owner, (folder / IMAGE).read_bytes(), ".png")
        case.thumbnail_key = self.storage.put(owner, (folder / THUMBNAIL).read_bytes(), ".webp")
        if account.values_kept:
            case.frames_key = f"{owner}/frames"
            self.storage.write_all(_frames(folder, case.frames_key, account.frames))
        if account.source_format is SourceFormat.DICOM:
            case.header_key = self.storage.put(owner, (folder / HEADER).read_bytes(), ".json")
        if self.settings.keep_originals:
            key = originals.key_of_site(self.settings.originals_key)
            sealed = originals.encrypt(upload.path.read_bytes(), case_id, key)
            case.original_key = self.storage.put(owner, sealed, originals.SUFFIX)
        return case

    def _added_once(self, case: Case) -> tuple[CaseRead, bool]:
        """Adds the row, unless somebody was faster with the same file."""
        repository.lock_owner(self.session, case.owner_id)
        known = repository.of_content(self.session, case.owner_id, case.sha256)
        if known is not None:
            self.storage.delete_all(f"{FOLDER}/{case.id}")
            return read_case(self.session, known), False
        return self._added(case), True

    def _added(self, case: Case) -> CaseRead:
        self.session.add(case)
        described = {name: getattr(case, name) for name in _DESCRIBED}
        record(self.session, "case.created", Subject("case", case.id), after=described)
        return read_case(self.session, case)


def _row(case_id: str, origin: Origin, sha256: str) -> Case:
    return Case(
        id=case_id,
        owner_id=current().user_id,
        visibility=Visibility.PRIVATE.value,
        sha256=sha256,
        deidentified=True,  # what named the patient is taken out before anything is kept
        dataset=origin.dataset,
        synthetic=origin.synthetic,
        filename=origin.filename,
        values_kept=False,
        review=Review.NOT_NEEDED.value,
        suspects=[],
        found=[],
        regions=[],
    )


def _describe(case: Case, account: Account) -> None:
    case.pseudonym = (account.pseudonym or "")[:_PSEUDONYM_LETTERS] or _made_up(case.id)
    case.width, case.height, case.frames = account.width, account.height, account.frames
    case.source_format = account.source_format.value
    case.values_kept = account.values_kept
    case.display = _json(account.display)
    case.rendering = _json(account.rendering)
    case.deidentification = _json(account.deidentification)
    case.suspects = account.suspects
    case.found = [box.model_dump(mode="json") for box in account.found]
    case.modality, case.body_part = account.modality, account.body_part
    if account.source_format is SourceFormat.DICOM:
        case.filename = None  # it often names the patient, as the header did
    if account.suspects:
        case.review = Review.WAITING.value


def _json(part: Any) -> dict[str, Any] | None:
    found: dict[str, Any] | None = None if part is None else part.model_dump(mode="json")
    return found


def _frames(folder: Path, prefix: str, count: int) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        name = frame_name(number)
        yield f"{prefix}/{name}", (folder / name).read_bytes()


def _made_up(case_id: str) -> str:
    return f"Case {case_id[:6].upper()}"


def _clean_filename(filename: str | None) -> str | None:
    """The last part of what the sender calls the file, for display only."""
    if not filename:
        return None
    name = filename.replace("\\", "/").rsplit("/", 1)[-1].encode("utf-8", "replace").decode()
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-255:] or None
