"""What a picture's file holds beside its pixels, by name; and the kinds that only a look at that gives away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from PIL import Image
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.TiffTags import lookup

from backend.intake.errors import Unsupported

_INFO: Final = {
    "exif": "EXIF", "xmp": "XMP", "XML:com.adobe.xmp": "XMP", "icc_profile": "ICC profile", "comment": "Comment",
    "photoshop": "Photoshop",
}  # fmt: skip
# TIFF tags that say how the pixels are stored: what the others say is dropped, and told.
_STRUCTURE: Final = frozenset({*range(254, 270), *range(273, 298), 301, 317, *range(318, 326), 330, 332, 334, 336, 338,
                               339, 340, 341, 347, *range(512, 533), 37680})  # fmt: skip
_TIFF: Final = {700: "XMP", 33723: "IPTC", 34377: "Photoshop", 34665: "EXIF", 34675: "ICC profile", 34853: "GPS"}
_DESCRIPTION, _NDPI = 270, 65420
_SLIDE = re.compile(r"Aperio|<scn\b|<iScan|Philips DP|3DHISTECH|Trestle", re.IGNORECASE)
_WHOLE_SLIDE = (
    "This is a whole slide, which is too large to show at once. Open it in QuPath, and export the region to look at "
    "as PNG or TIFF."
)
_LOSSLESS_JPEG = (
    "This JPEG is of a kind that only medical programs write (lossless or JPEG-LS). Upload the DICOM file that it "
    "comes from, or save it as PNG."
)
_LOSSLESS: Final = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7})


def metadata_blocks(image: Image.Image) -> list[str]:
    """Names of the blocks, each once; never what they say."""
    found = {name for key, name in _INFO.items() if image.info.get(key)}
    if isinstance(image, PngImageFile) and image.text:
        found.add("Text")
    if isinstance(image, TiffImageFile):
        for tag in image.tag_v2:
            if tag not in _STRUCTURE:
                found.add(_TIFF.get(tag) or lookup(tag).name or "Private tags")
    return sorted("Private tags" if name == "unknown" else name for name in found)


def refuse_whole_slide(image: Image.Image) -> None:
    """Raises ``Unsupported`` for the files of slide scanners."""
    if not isinstance(image, TiffImageFile):
        return
    description = str(image.tag_v2.get(_DESCRIPTION, ""))[:10_000]
    if _NDPI in image.tag_v2 or _SLIDE.search(description):
        raise Unsupported(_WHOLE_SLIDE)


def refuse_foreign_jpeg(path: Path) -> None:
    """Raises ``Unsupported`` for the processes of the standard that no ordinary program reads."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    place = 2
    while place + 4 <= len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if marker in _LOSSLESS:
            raise Unsupported(_LOSSLESS_JPEG)
        if marker == 0xDA or 0xC0 <= marker <= 0xC2:
            return
        place += 2 + int.from_bytes(head[place + 2 : place + 4], "big")
