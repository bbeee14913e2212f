"""A person looks at the pixels: what is confirmed, and what is blacked out.

Files are written anew under other keys, and the row points to them with one commit: before it everything is as it was,
after it nothing old is shown. The old files are removed then, or by the sweep at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.access.rules import may_change
from backend.audit.service import Subject, record
from backend.cases import repository
from backend.cases.errors import BadRegion, CaseNotFound, CaseNotYours, NothingToReview
from backend.cases.rendering import default_rendering, display_of, frame_values, open_rendered
from backend.cases.schemas import CaseRead, DeidentificationRead, Region, RegionRead, Review, ReviewCreate
from backend.cases.service import FOLDER, read_case
from backend.core.storage import Storage
from backend.db.base import new_id
from backend.db.session import Database, on_commit, on_rollback
from backend.db.tables import Case
from backend.intake.deidentification.service import header_with_cleaned_pixels, with_cleaned_pixels
from backend.intake.display import Display, Rendering, Values
from backend.intake.encoding import encode_frame, encode_png, encode_thumbnail
from backend.intake.render import render
from backend.intake.result import Deidentification, frame_name
from backend.resources import Resources

logger = logging.getLogger(__name__)

FileKeys = dict[str, str | None]
_KEYS = ("image_key", "thumbnail_key", "header_key", "frames_key", "original_key")


def review(session: Session, resources: Resources, case: Case, body: ReviewCreate) -> CaseRead:
    """Confirms, and blacks out. The transaction begins only when all files are there.

    Args:
        session: a writing one, in which nothing was asked yet.
        resources: for the files.
        case: as it was read in a transaction that has ended.
        body: what to black out.

    Raises:
        CaseNotYours: somebody else's.
        NothingToReview: nobody asks for a look, or somebody was faster.
        BadRegion: a region lies outside the image, or names a frame that is not there.
        CaseNotFound: the case was deleted meanwhile.
    """
    if not may_change(current(), case):
        raise CaseNotYours
    if case.review != Review.WAITING:
        raise NothingToReview
    for region in body.regions:
        _check(case, region)
    keys: FileKeys = {}
    if body.regions:
        with resources.picture_slots:
            keys = _blacked_out(session, resources.storage, case, body.regions)
    return _confirmed(session, resources.storage, case.id, body.regions, keys)


def read_deidentification(case: Case) -> DeidentificationRead:
    """What was taken out."""
    report = case.deidentification
    return DeidentificationRead(
        report=None if report is None else Deidentification.model_validate(report),
        found=[RegionRead.model_validate(region) for region in case.found],
        regions=[RegionRead.model_validate(region) for region in case.regions],
        original_kept=case.original_key is not None,
    )


def sweep_reviewed(database: Database, storage: Storage) -> int:
    """Removes what a crash between a review's commit and its clean-up has left. Gives the number of files and folders.

    Also what a crash before the commit has left, which is not old but belongs to nothing.
    """
    with database.reading() as session:
        cases = repository.reviewed(session)
    removed = 0
    for case in cases:
        left = storage.list_keys(f"{FOLDER}/{case.id}") - {getattr(case, name) for name in _KEYS}
        # What predictions keep lies in folders of their own, named by their ids.
        for key in sorted(left):
            if "." in key.rpartition("/")[2]:
                storage.delete(key)
            elif key.rpartition("/")[2].startswith("frames"):
                storage.delete_all(key)
            else:
                continue
            removed += 1
    if removed:
        logger.info("removed %d files that were replaced when pixels were blacked out", removed)
    return removed


def _check(case: Case, region: Region) -> None:
    if region.x + region.width > case.width or region.y + region.height > case.height:
        raise BadRegion(f"A region lies outside the image of {case.width} x {case.height} pixels; draw it again.")
    frames = case.frames if case.values_kept else 1
    if region.frame is not None and region.frame >= frames:
        raise BadRegion(f"A region names frame {region.frame}; there are the frames 0 to {frames - 1}.")


def _blacked_out(session: Session, storage: Storage, case: Case, regions: Sequence[Region]) -> FileKeys:
    """New files; they are taken back with the transaction.

    Their keys are this review's alone: what comes out of a second one with the same regions, such as of a double
    click, has the same bytes, and taking it back must not take the first one's.
    """
    owner, own = f"{FOLDER}/{case.id}", new_id()[:12]
    keys: FileKeys = {"original_key": None}
    made: list[str] = []
    on_rollback(session, lambda: _delete(storage, made))
    display, rendering = display_of(case), default_rendering(case)
    if case.frames_key is not None and display is not None and rendering is not None:
        folder = f"{owner}/frames-{own}"
        on_rollback(session, lambda: storage.delete_all(folder))
        storage.write_all(_frames(storage, case, regions, display, rendering, folder))
        keys["frames_key"] = folder
    image = _image(storage, case, regions, display, rendering)
    contents = {
        "image_key": (encode_png(image), "png"),
        "thumbnail_key": (encode_thumbnail(image), "webp"),
    }
    if case.header_key is not None:
        contents["header_key"] = (header_with_cleaned_pixels(storage.read(case.header_key)), "json")
    for name, (content, kind) in contents.items():
        key = storage.put(owner, content, f".{own}.{kind}")
        made.append(key)
        keys[name] = key
    return keys


def _frames(
    storage: Storage, case: Case, regions: Sequence[Region], display: Display, rendering: Rendering, folder: str
) -> Iterator[tuple[str, bytes]]:
    """All of them, one after the other: those without a region as they are."""
    darkest = _darkest(display, rendering)
    for number in range(case.frames):
        name = frame_name(number)
        covered = [region for region in regions if region.frame in (None, number)]
        if not covered:
            yield f"{folder}/{name}", storage.read(f"{case.frames_key}/{name}")
            continue
        values = frame_values(storage, case, number, display).copy()
        for region in covered:
            values[region.y : region.y + region.height, region.x : region.x + region.width] = darkest
        yield f"{folder}/{name}", encode_frame(values)


def _darkest(display: Display, rendering: Rendering) -> np.generic:
    """The stored value that is shown darkest, of those that occur; of several the one at the end of the range."""
    kind = np.dtype(f"<{'i' if display.signed else 'u'}{display.bytes_per_value}")
    if display.values is Values.COLOUR:
        return cast("np.generic", kind.type(255 if rendering.inverted else 0))
    ends = sorted((end - display.intercept) / (display.slope or 1.0) for end in (display.lowest, display.highest))
    limits = np.iinfo(kind)
    first, last = (int(np.clip(np.rint(end), limits.min, limits.max)) for end in ends)
    occurring: npt.NDArray[Any] = np.arange(first, last + 1).astype(kind)
    levels = render(occurring[np.newaxis], display, rendering)[0]
    dark = np.flatnonzero(levels == levels.min())
    place = int(dark[0] if dark[0] == 0 else dark[-1])
    return cast("np.generic", occurring[place])


def _image(
    storage: Storage, case: Case, regions: Sequence[Region], display: Display | None, rendering: Rendering | None
) -> Image.Image:
    """The case's image, with what was blacked out in its frame."""
    image = open_rendered(storage, case, None)
    shown = 0 if rendering is None else rendering.frame
    level = 0
    if display is not None and rendering is not None:  # as the values will be shown, which need not be quite black
        value = np.full((1, 1, 3) if display.values is Values.COLOUR else (1, 1), _darkest(display, rendering))
        level = int(render(value, display, rendering).flat[0])
    draw = ImageDraw.Draw(image)
    for region in regions:
        if region.frame in (None, shown):
            corner = (region.x + region.width - 1, region.y + region.height - 1)
            draw.rectangle((region.x, region.y, *corner), fill=(level, level, level))
    return image


def _confirmed(session: Session, storage: Storage, case_id: str, regions: Sequence[Region], keys: FileKeys) -> CaseRead:
    case = repository.lock_for_change(session, case_id)
    if case is None:
        raise CaseNotFound
    if case.review != Review.WAITING:
        raise NothingToReview
    old = {name: getattr(case, name) for name in keys}
    for name, key in keys.items():
        setattr(case, name, key)
    case.review = Review.DONE.value
    case.regions = [region.model_dump(mode="json") for region in regions]
    if regions and case.deidentification is not None:
        report = with_cleaned_pixels(Deidentification.model_validate(case.deidentification))
        case.deidentification = report.model_dump(mode="json")
    told = {"review": case.review, "regions": case.regions}
    record(session, "case.reviewed", Subject("case", case.id), {"review": Review.WAITING.value}, told)
    for name, key in old.items():
        if key is not None and key != keys[name]:
            on_commit(session, partial(storage.delete_all if name == "frames_key" else storage.delete, key))
    return read_case(session, case)


def _delete(storage: Storage, keys: Iterable[str]) -> None:
    for key in keys:
        storage.delete(key)
