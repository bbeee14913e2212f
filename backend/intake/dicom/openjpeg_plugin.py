"""pydicom's decoder of JPEG 2000 with openjpeg alone: its own plugin wants a further package, which does nothing here.

The names ``DECODER_DEPENDENCIES``, ``is_available`` and ``decode_frame`` are what pydicom asks of a plugin.
"""

from __future__ import annotations

from typing import Final, cast

from openjpeg.utils import decode_pixel_data
from pydicom import uid
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder

NAME: Final = "openjpeg"
SYNTAXES: Final = (uid.JPEG2000Lossless, uid.JPEG2000, uid.HTJ2KLossless, uid.HTJ2KLosslessRPCL, uid.HTJ2K)
DECODER_DEPENDENCIES: Final = dict.fromkeys(SYNTAXES, ("pylibjpeg-openjpeg>=2.0",))


def is_available(syntax: str) -> bool:
    """Always, since the package is a dependency of this one."""
    return syntax in SYNTAXES


def decode_frame(source: bytes, runner: DecodeRunner) -> bytearray:
    """One frame; tells the runner what the decoder did: colours are RGB, and the size of a value follows precision."""
    frame = cast("bytearray", decode_pixel_data(source, version=2))
    if runner.photometric_interpretation in ("YBR_ICT", "YBR_RCT"):
        runner.set_option("photometric_interpretation", "RGB")
    precision = runner.get_option("j2k_precision", runner.bits_stored)
    runner.set_option("bits_allocated", 8 if precision <= 8 else 16 if precision <= 16 else 32)
    return frame


def register() -> None:
    """Makes pydicom know it; a second call does nothing."""
    for syntax in SYNTAXES:
        decoder = get_decoder(syntax)
        if NAME not in decoder.available_plugins:
            decoder.add_plugin(NAME, (__name__, "decode_frame"))
