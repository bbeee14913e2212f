"""Types that several domains' schemas share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Read(BaseModel):
    """Base of what the server answers: built from rows, every field always present."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Create(BaseModel):
    """Base of what clients send: a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _without_controls(text: str) -> str:
    if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text):
        raise ValueError("control characters (such as NUL) are not taken; remove them")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not valid Unicode text (a lone surrogate)") from error
    return text


def _one_line(text: str) -> str:
    if any(letter in text for letter in "\t\n\r"):
        raise ValueError("must be a single line")
    return text


# Put these after the length, so that lengths are counted as stored: Annotated[str, StringConstraints(…), *LINE].
LINE = (AfterValidator(_without_controls), AfterValidator(_one_line))
PARAGRAPHS = (AfterValidator(_without_controls),)

HEX_ID = r"^[0-9a-f]{32}$"
HexId = Annotated[str, StringConstraints(pattern=HEX_ID)]
PathId = Annotated[str, Path(pattern=HEX_ID, description="32 hexadecimal digits.")]
Limit = Annotated[int, Query(ge=1, le=200)]
Timestamp = datetime
