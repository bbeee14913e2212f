"""Where the images of a design are, and what is known of them.

Cases that somebody sees, images of imported data sets, and the gallery's examples of the two procedural sets, which
stand as images of the data set of that name, split ``test``. Nothing here needs torch: the process that prepares a
study reads images with it.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol

from PIL import Image
from sqlalchemy.orm import Session

from backend.access.permissions import Permission
from backend.access.principal import current
from backend.core.storage import Storage, StoredFileMissing
from backend.datasets.folders import shown
from backend.datasets.library import DatasetLibrary
from backend.datasets.procedural import PROCEDURAL
from backend.db.tables import Case
from backend.examples.catalogue import Example, all_examples
from backend.examples.service import image_key, render
from backend.intake.encoding import encode_png
from backend.reader_studies import repository
from backend.reader_studies.design import StudyCaseRef
from models.data.errors import DataError
from models.data.manifest import PreparedRow
from models.data.prepared import INFO, PreparedDataset
from models.data.reading import read_pixels

_GONE = "An image of the study cannot be read any more: {reason}. Take it out of the study, or put the file back."


class HasLibrary(Protocol):
    """Whatever knows the data sets: the application's resources."""

    @property
    def library(self) -> DatasetLibrary: ...


@dataclass(frozen=True)
class ImagePlace:
    """Where the pixels are: a file of the storage, an image of a data set's folder, or an example that is drawn.

    Attributes:
        kind: which of the three.
        key: of the storage, or of the example.
        folder: of the data set.
        image: key within the data set, as JSON can carry it.
    """

    kind: Literal["stored", "dataset", "example"]
    key: str | None = None
    folder: str | None = None
    image: str | None = None

    def to_json(self) -> dict[str, Any]:
        """For the order of a job."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> ImagePlace:
        """What ``to_json`` wrote."""
        return cls(**content)


@dataclass(frozen=True)
class Source:
    """One image as a coordinator knows it.

    Attributes:
        place: where the pixels are.
        label: what it is called: a pseudonym, or its key.
        dataset: name of the data set that it belongs to, if that is known.
        class_key: the true class, where it is known: the example's or the data set's, or what people have marked who
            all mark the same.
        class_name: of that class.
        synthetic: whether it is drawn.
        case_id: of a case.
        thumbnail: address of a small picture, below ``/api/v1``.
        fingerprint: equal for equal images of one kind of source.
        cluster: equal for near-duplicates within one data set; None where none was found.
    """

    place: ImagePlace
    label: str
    dataset: str | None
    class_key: str | None
    class_name: str | None
    synthetic: bool
    case_id: str | None
    thumbnail: str | None
    fingerprint: str
    cluster: str | None = None


class Opened:
    """An imported data set, looked up by key as JSON can carry it. Raises ``DataError`` when it is damaged."""

    def __init__(self, prepared: PreparedDataset) -> None:
        self.prepared = prepared

    @cached_property
    def rows(self) -> Mapping[str, tuple[int, PreparedRow]]:
        """Number and row of each image."""
        return {shown(row.key): (number, row) for number, row in enumerate(self.prepared.rows)}

    @cached_property
    def clusters(self) -> Mapping[str, str]:
        """Number of the near-duplicates that an image belongs to."""
        try:
            found = self.prepared.report.clusters
        except DataError:
            return {}  # without a report nothing is known of near-duplicates
        return {image.key: str(cluster.id) for cluster in found for image in cluster.images}

    @cached_property
    def class_names(self) -> Mapping[str, str]:
        """By key."""
        return {label.key: label.name for label in self.prepared.info.classes}

    def source(self, dataset_id: str, number: int, row: PreparedRow) -> Source:
        """One of its images."""
        cluster = self.clusters.get(row.key)
        info = self.prepared.info
        return Source(
            place=ImagePlace("dataset", folder=str(self.prepared.folder), image=shown(row.key)),
            label=shown(row.key),
            dataset=info.name,
            class_key=row.label or None,
            class_name=self.class_names.get(row.label, row.label) or None,
            synthetic=False,
            case_id=None,
            thumbnail=f"/datasets/{dataset_id}/images/{number}/thumbnail?size=160",
            fingerprint=f"pixels-{row.sha256}",
            cluster=None if cluster is None else f"{dataset_id}-{cluster}",
        )


def resolve(
    session: Session, found_by: HasLibrary | DatasetLibrary, refs: Sequence[StudyCaseRef]
) -> list[Source | None]:
    """What the references of a design stand for, in their order; None for what is gone or hidden from who asks."""
    library = found_by if isinstance(found_by, DatasetLibrary) else found_by.library
    wanted = [ref.case_id for ref in refs if ref.case_id is not None]
    by_case = of_cases(session, repository.cases(session, wanted).values())
    opened = open_datasets(session, library, (ref.dataset_id for ref in refs if ref.dataset_id not in PROCEDURAL))
    return [_resolved(ref, by_case, opened) for ref in refs]


def of_cases(session: Session, cases: Iterable[Case]) -> dict[str, Source]:
    """By id."""
    found = list(cases)
    said = _said(session, [case.id for case in found])
    return {case.id: _of_case(case, said.get(case.id)) for case in found}


def of_example(example: Example) -> Source:
    """An image of the gallery."""
    return Source(
        place=ImagePlace("example", key=example.key),
        label=example.title,
        dataset=example.drawn.name,
        class_key=example.class_key,
        class_name=example.class_name,
        synthetic=True,
        case_id=None,
        thumbnail=f"/examples/{example.key}/image?size=160",
        fingerprint=f"example-{example.key}",
    )


def open_datasets(session: Session, library: DatasetLibrary, ids: Iterable[str | None]) -> dict[str, Opened]:
    """Those that are ready and can be read, by id; nothing for one who may not see data sets."""
    wanted = {dataset_id for dataset_id in ids if dataset_id is not None}
    if not wanted or not current().may(Permission.DATASETS_READ):
        return {}
    found = {}
    for dataset_id, row in repository.datasets(session, wanted).items():
        if row.status == "ready" and row.stamp is not None:
            prepared = library.try_open(row.name, row.stamp)
            if prepared is not None:
                found[dataset_id] = _looked_up(prepared)
    return found


def read_image(place: ImagePlace, storage: Storage) -> Image.Image:
    """The image, RGB. Raises ``StoredFileMissing`` if it is there no more."""
    if place.kind == "example":
        return _decoded(_example(place.key or "", storage))
    if place.kind == "stored":
        return _decoded(storage.read(place.key or ""))
    folder, image = Path(place.folder or ""), place.image or ""
    try:
        row = _opened(folder, _stamp(folder)).rows[image][1]
        return Image.fromarray(read_pixels(row.image))
    except KeyError:
        raise StoredFileMissing(_GONE.format(reason=f"the data set has no image '{image}'")) from None
    except DataError as error:
        raise StoredFileMissing(_GONE.format(reason=shown(str(error)))) from error


def _resolved(ref: StudyCaseRef, by_case: Mapping[str, Source], opened: Mapping[str, Opened]) -> Source | None:
    if ref.case_id is not None:
        return by_case.get(ref.case_id)
    if ref.dataset_id is None or ref.image is None:
        return None
    if ref.dataset_id in PROCEDURAL:
        example = all_examples().get(ref.image)
        return None if example is None or example.drawn.name != ref.dataset_id else of_example(example)
    dataset = opened.get(ref.dataset_id)
    if dataset is None:
        return None
    try:
        found = dataset.rows.get(ref.image)
    except DataError:
        return None
    return None if found is None else dataset.source(ref.dataset_id, *found)


def _of_case(case: Case, said: tuple[str, str] | None) -> Source:
    example = _example_of(case)
    if example is not None:
        said = (example.class_key, example.class_name)
    return Source(
        place=ImagePlace("stored", key=case.image_key),
        label=case.pseudonym,
        dataset=case.dataset,
        class_key=said[0] if said else None,
        class_name=said[1] if said else None,
        synthetic=case.synthetic,
        case_id=case.id,
        thumbnail=f"/cases/{case.id}/thumbnail?size=160",
        fingerprint=f"file-{case.sha256}",
    )


def _example_of(case: Case) -> Example | None:
    """The example that a case was made from: the server alone makes synthetic ones, and names the file after it."""
    if not case.synthetic or case.filename is None:
        return None
    example = all_examples().get(case.filename.removesuffix(".png"))
    return example if example is not None and example.drawn.name == case.dataset else None


def _said(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Key and name of the class of each case that people have marked, where all of them mark the same one."""
    marked: dict[str, dict[str, str]] = defaultdict(dict)
    for case_id, key, digest in repository.said_classes(session, ids):
        marked[case_id][key] = digest
    agreed = {case_id: next(iter(keys.items())) for case_id, keys in marked.items() if len(keys) == 1}
    contents = repository.concept_sets(session, {digest for _, digest in agreed.values()})
    return {case_id: (key, _class_name(contents.get(digest), key)) for case_id, (key, digest) in agreed.items()}


def _class_name(concept_set: Mapping[str, Any] | None, key: str) -> str:
    classes = concept_set["classes"] if concept_set else ()
    return next((str(label["name"]) for label in classes if label["key"] == key), key)


def _example(key: str, storage: Storage) -> bytes:
    example = all_examples().get(key)
    if example is None:
        raise StoredFileMissing(_GONE.format(reason=f"there is no example '{key}'"))
    try:
        return storage.read(image_key(example))
    except StoredFileMissing:
        content = render(example)
        storage.write(image_key(example), content)
        return content


def _decoded(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
        return image.convert("RGB")


def _stamp(folder: Path) -> str:
    """Changes when another data set takes the folder."""
    try:
        found = (folder / INFO).stat()
    except OSError as error:
        raise DataError(f"{folder} holds no data set any more") from error
    return f"{found.st_ino}-{found.st_mtime_ns}"


@lru_cache(maxsize=4)
def _opened(folder: Path, stamp: str) -> Opened:
    del stamp  # only tells one data set from the next in the same folder
    return Opened(PreparedDataset.open(folder))


@lru_cache(maxsize=4)
def _looked_up(prepared: PreparedDataset) -> Opened:
    """Of one that the library keeps open, so that its rows are gone through once."""
    return Opened(prepared)


def png(image: Image.Image) -> bytes:
    """A file of the pixels and nothing else: no name, no date, no text of where they come from."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    return encode_png(bare)
