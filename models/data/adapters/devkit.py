"""The class table of the ImageNet development kit, a MATLAB file."""

from __future__ import annotations

from pathlib import Path

import scipy.io

from models.data.errors import DataError


def synsets_by_number(meta: Path) -> dict[int, str]:
    """Synset by the number that the validation ground truth uses, from ``meta.mat``.

    Raises:
        DataError: if the file is damaged or holds no such table.
    """
    try:
        content = scipy.io.loadmat(meta, squeeze_me=True, variable_names=["synsets"])
        rows = content["synsets"]
        # Inner nodes of the hierarchy stand in the same table; only leaves are classes.
        return {int(row["ILSVRC2012_ID"]): str(row["WNID"]) for row in rows if int(row["num_children"]) == 0}
    except Exception as error:  # scipy raises whatever a damaged file makes it trip over
        raise DataError(f"{meta}: cannot be read as the class table of ImageNet ({error!r})") from error
