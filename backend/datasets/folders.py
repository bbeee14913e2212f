"""The folders that imports may read: nothing above or beside them is ever shown or opened.

Names are bytes to a file system but text in JSON. Bytes that are not UTF-8 are shown as letters of a private area
(U+EF80 to U+EFFF, as MirBSD does), which lead back to the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from backend.datasets.errors import ImportFolderNotFound, OutsideImportFolders
from backend.datasets.schemas import ImportFolderRead, ImportFoldersRead

IMAGE_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".dcm", ".dicom"})
# Python's escapes for undecodable bytes are lone surrogates, which JSON cannot carry.
_SHOWN = {0xDC00 + byte: 0xEF00 + byte for byte in range(0x80, 0x100)}
_MEANT = {shown: escape for escape, shown in _SHOWN.items()}


def browse(roots: Sequence[Path], path: str | None) -> ImportFoldersRead:
    """What a folder holds.

    Args:
        roots: the import folders.
        path: one of them or below; none or empty: where they begin.

    Raises:
        OutsideImportFolders: the path leads elsewhere.
        ImportFolderNotFound: there is no such folder.
    """
    if not path and len(roots) > 1:
        entries = [ImportFolderRead(name=shown(root), path=shown(root)) for root in roots]
        return ImportFoldersRead(root="", path="", parent=None, folders=entries, image_files=0, other_files=0)
    root, folder = find_folder(roots, path or shown(roots[0]))
    folders, images, others = _content(root, folder)
    at_top = folder == root
    above = "" if len(roots) > 1 else None
    return ImportFoldersRead(
        root=shown(root),
        path=shown(folder),
        parent=above if at_top else shown(folder.parent),
        folders=[ImportFolderRead(name=shown(entry.name), path=shown(entry)) for entry in folders],
        image_files=images,
        other_files=others,
    )


def find_folder(roots: Sequence[Path], path: str) -> tuple[Path, Path]:
    """The import folder and the folder below it that a path means.

    Raises:
        OutsideImportFolders: the path leads elsewhere, by ``..``, a link or its beginning.
        ImportFolderNotFound: there is no such folder.
    """
    for text in dict.fromkeys((path, path.translate(_MEANT))):
        asked = Path(text)
        if ".." in asked.parts or not asked.is_absolute():
            raise OutsideImportFolders
        # Before anything is opened: whether something exists elsewhere is nobody's business.
        root = next((root for root in roots if asked.is_relative_to(root)), None)
        if root is None:
            raise OutsideImportFolders
        if _is_folder(asked):
            if not _stays_below(root, asked):
                raise OutsideImportFolders
            return root, asked
    raise ImportFolderNotFound(f"There is no folder {path} on the server, or it cannot be read.")


def find_file(folder: Path, name: str) -> str:
    """A file below a folder, as relative path.

    Raises:
        OutsideImportFolders: it leads out of the folder.
    """
    for text in dict.fromkeys((name, name.translate(_MEANT))):
        asked = Path(text)
        if asked.is_absolute() or ".." in asked.parts or not _stays_below(folder, folder / asked):
            raise OutsideImportFolders(f"The file {name} is not in the folder; name one relative to it.")
        if os.path.lexists(folder / asked):
            return text
    return name  # the adapter says what is missing


def shown(path: Path | str) -> str:
    """A path as JSON can carry it."""
    return str(path).translate(_SHOWN)


def meant(path: str) -> Path:
    """The folder of a path that ``shown`` wrote down."""
    return Path(path) if os.path.lexists(path) else Path(path.translate(_MEANT))


def _content(root: Path, folder: Path) -> tuple[list[Path], int, int]:
    """Folders to open, image files, other files. Hidden ones and links that lead out are left away."""
    folders, images, others = [], 0, 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if _leads_to_folder(entry):
                    if not entry.is_symlink() or _stays_below(root, Path(entry.path)):
                        folders.append(Path(entry.path))
                elif Path(entry.name).suffix.lower() in IMAGE_ENDINGS:
                    images += 1
                else:
                    others += 1
    except OSError as error:
        raise ImportFolderNotFound(f"The folder {shown(folder)} cannot be read: {error.strerror}.") from error
    return sorted(folders, key=_natural), images, others


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """``part 2`` before ``part 10``."""
    parts: list[tuple[int, int, str]] = []
    number = ""
    for letter in [*path.name.lower(), ""]:
        if letter.isascii() and letter.isdigit():
            number += letter
            continue
        if number:
            parts.append((0, int(number[:18]), number))
            number = ""
        parts.append((1, 0, letter))
    return parts


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name too long, a folder that may not be entered
        return False


def _stays_below(root: Path, path: Path) -> bool:
    """Whether it is below the root once all links are followed."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
