"""What a file is, by its first bytes: names and media types are not asked."""

from __future__ import annotations

import re
from typing import Final

from backend.intake.errors import ACCEPTED, Damaged, Unsupported
from backend.intake.result import SourceFormat

HEAD_BYTES: Final = 4096  # as much as ``kind_of`` looks at

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", SourceFormat.PNG),
    (b"\xff\xd8\xff", SourceFormat.JPEG),
    (b"II*\0", SourceFormat.TIFF),
    (b"MM\0*", SourceFormat.TIFF),
    (b"II+\0", SourceFormat.TIFF),  # BigTIFF
    (b"MM\0+", SourceFormat.TIFF),
    (b"\0\0\0\x0cjP  \r\n\x87\n", SourceFormat.JPEG2000),
    (b"\xff\x4f\xff\x51", SourceFormat.JPEG2000),  # without a container
    (b"BM", SourceFormat.BMP),
)
# How the images of a DICOM file without the preamble begin: groups 2 and 8, either byte order.
_BARE_DICOM: Final = re.compile(rb"(?:[\x02\x08]\0[\0-\x20]\0|\0[\x02\x08]\0[\0-\x20])(?s:.{4})")
_VRS: Final = {b"UL", b"UI", b"CS", b"DA", b"TM", b"LO", b"SH", b"OB", b"DT", b"PN", b"ST"}

_VOLUME = "This is a volume ({}), not an image. Open it in 3D Slicer, and export the slices to look at as DICOM or PNG."
_ARCHIVE = "This is a packed file ({}). Unpack it, and upload the images in it; the page Cases takes a zip as it is."
_VIDEO = "This is a video. Save the frames to look at as PNG, or the film as a multi-frame DICOM, and upload those."
_VECTOR = "This is a drawing or a page ({}), not an image made of pixels. Export the figure in it as PNG."
_CAMERA = "This is a {} image. Save it as JPEG or PNG, and upload that."
_DATA = "These are data of a program ({}), not an image. Export the image as 16-bit PNG, TIFF or DICOM."
_FOREIGN: Final = (
    (re.compile(rb"(?s).{344}(n\+1|ni1)\0"), _VOLUME.format("NIfTI")),
    (re.compile(rb"(?s).{4}(n\+2|ni2)\0\r\n"), _VOLUME.format("NIfTI")),
    (re.compile(rb"NRRD000"), _VOLUME.format("NRRD")),
    (re.compile(rb"(ObjectType|NDims)\s*="), _VOLUME.format("MetaImage")),
    (re.compile(rb"(?s).{208}MAP "), _VOLUME.format("MRC")),
    (re.compile(rb"\x1f\x8b"), _ARCHIVE.format("gzip") + " A .nii.gz is a volume: open it in 3D Slicer."),
    (re.compile(rb"PK(\x03\x04|\x05\x06|\x07\x08)"), _ARCHIVE.format("zip")),
    (re.compile(rb"7z\xbc\xaf|Rar!|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|(?s:.{257})ustar"), _ARCHIVE.format("archive")),
    (re.compile(rb"(?s).{0,1024}?%PDF-"), _VECTOR.format("PDF")),
    (re.compile(rb"%!PS|\xc5\xd0\xd3\xc6"), _VECTOR.format("PostScript")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), _VECTOR.format("Office")),
    (re.compile(rb"GIF8[79]a"), "GIF has 256 colours at most and is not accepted. Save the image as PNG or WebP."),
    (re.compile(rb"(?s).{4}ftyp(hei|hev|mif1|msf1|avi)"), _CAMERA.format("HEIC or AVIF")),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), _CAMERA.format("JPEG XL")),
    (re.compile(rb"8BPS"), _CAMERA.format("Photoshop")),
    (re.compile(rb"\0\0[\x01\x02]\0[^\0]\0"), _CAMERA.format("icon")),
    (re.compile(rb"P[1-7][\s#]"), _CAMERA.format("Netpbm")),
    (re.compile(rb"(?s).{4}ftyp|RIFF.{4}AVI |\x1aE\xdf\xa3|\0\0\x01[\xba\xb3]|FLV\x01|\x30\x26\xb2\x75"), _VIDEO),
    (re.compile(rb"\x89HDF|\x93NUMPY|MATLAB 5|SIMPLE  =|CDF[\x01\x02]"), _DATA.format("HDF5, NumPy, MATLAB, FITS …")),
)  # fmt: skip
_SVG = re.compile(rb"(?is)<(!doctype\s+)?svg[\s>]")
_HTML = re.compile(rb"(?is)\s*<(!doctype|html|\?xml|head|body|script)")


def kind_of(head: bytes) -> SourceFormat:
    """By the first ``HEAD_BYTES`` of a file. Where two kinds would fit, DICOM wins: its preamble may be anything.

    Raises:
        Damaged: there is nothing in the file.
        Unsupported: with what to do instead.
    """
    if not head:
        raise Damaged(f"The file is empty; upload one of {ACCEPTED}.")
    kind = _accepted(head)
    if kind is not None:
        return kind
    # Asked first: the first bytes of a NIfTI header could be those of a bare DICOM file.
    for pattern, sentence in _FOREIGN:
        if pattern.match(head):
            raise Unsupported(sentence)
    if _is_bare_dicom(head):
        return SourceFormat.DICOM
    if _SVG.search(head):
        raise Unsupported(_VECTOR.format("SVG"))
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise Unsupported(f"This is a web page or XML, not an image. Upload the image itself; {ACCEPTED} are accepted.")
    raise Unsupported


def _accepted(head: bytes) -> SourceFormat | None:
    if head[128:132] == b"DICM":
        return SourceFormat.DICOM
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return SourceFormat.WEBP
    return next((kind for start, kind in _STARTS if head.startswith(start)), None)


def _is_bare_dicom(head: bytes) -> bool:
    if not _BARE_DICOM.match(head):
        return False
    if head[4:6] in _VRS:
        return True
    length = int.from_bytes(head[4:8], "little" if head[1] == 0 else "big")
    return length <= 1024  # implicit VR: a short element
