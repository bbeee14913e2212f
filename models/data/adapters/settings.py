"""How a user's own data set is described: what is named where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class AdapterSettings:
    """Settings of the generic adapters ``csv`` and ``npz``; what is None is found by its usual name.

    Attributes:
        file: the table or the array file, relative to the root; None: the only one there.
        image_column: column with the image's path relative to the table; None: ``image``, ``path``, ``file`` or
            ``filename``.
        label_column: column with the class; None: ``label`` or ``class``.
        group_column: column with the patient or lesion; None: ``group`` where there is one.
        split_column: column with train, validation or test; None: ``split`` where there is one.
        mask_column: column with the lesion mask's path, several separated by ``|``; None: ``mask`` where there is one.
        option_columns: concept group to the column that holds its option per image; columns named
            ``option:<group>`` are taken too.
    """

    file: str | None = None
    image_column: str | None = None
    label_column: str | None = None
    group_column: str | None = None
    split_column: str | None = None
    mask_column: str | None = None
    option_columns: Mapping[str, str] = field(default_factory=dict)
