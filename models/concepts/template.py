"""The beginning of a concept set for a user's own classes."""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from models.concepts.errors import ConceptSetError
from models.concepts.keys import key_from_name
from models.concepts.review import PLACEHOLDER

_HEAD = """\
# A concept set: what a model may reason with. docs/concept-sets.md explains every line;
# `vitrine concepts check FILE` says what is still wrong or missing.
name: {name}
version: 1
title: {title}
modality: {modality}
prompt: "an image of {modality}, {{group}}: {{option}}"

# The keys are those that an import makes of the names of folders or labels; their order is that of the diagnoses.
classes:
{classes}

groups:
"""

_GROUP = """\
  - key: {key}
    name: {name}
    localizable: {localizable}  # whether the finding has a place that a mask could mark
    options:
"""

_OPTION = """\
      - key: {key}
        text: {placeholder} {what}
        synonyms:
          - {placeholder} the same in other words ({key})
          - {placeholder} once more ({key})
        source: {placeholder} where the term is defined
"""

_GROUPS = (("shape", "Shape", "false"), ("texture", "Texture", "true"))


def concept_set_template(classes: Sequence[str], name: str = "my-set", modality: str = PLACEHOLDER) -> str:
    """A YAML file that can be read as it stands, to be filled in.

    It has two groups with an option for each class; the class table gives each class its own.

    Args:
        classes: names of the classes, as the folders or labels of the data have them.
        name: of the set.
        modality: such as "dermoscopy".

    Raises:
        ConceptSetError: if there are fewer than two classes, or two names give one key.
    """
    keys = [key_from_name(label) for label in classes]
    if len(keys) < 2 or not all(label.strip() for label in classes):
        raise ConceptSetError("a concept set needs at least two classes, each with a name")
    if len(set(keys)) < len(keys):
        raise ConceptSetError(f"two of the classes would have one key: {', '.join(keys)}")
    listed = "\n".join(
        f"  - {{key: {_plain(key)}, name: {_quoted(label)}}}" for key, label in zip(keys, classes, strict=True)
    )
    text = _HEAD.format(name=name, title=PLACEHOLDER, modality=modality, classes=listed)
    blocks = []
    for group, title, localizable in _GROUPS:
        options = "".join(
            _OPTION.format(key=f"{group}_{number}", placeholder=PLACEHOLDER, what=f"{title.lower()} {number}")
            for number in range(1, len(keys) + 1)
        )
        blocks.append(_GROUP.format(key=group, name=title, localizable=localizable) + options)
    table = [
        f"  {_plain(key)}:\n" + "\n".join(f"    {group}: {group}_{number}" for group, _, _ in _GROUPS)
        for number, key in enumerate(keys, start=1)
    ]
    note = "# The typical option of each class. Leave a group out where nothing can be said.\nclass_options:\n"
    return text + "\n".join(blocks) + "\n" + note + "\n".join(table) + "\n"


def _plain(key: str) -> str:
    """As YAML reads it back: "no" and "null" are words of its own."""
    return key if yaml.safe_load(key) == key else _quoted(key)


def _quoted(text: str) -> str:
    return '"' + text.strip().replace("\\", "\\\\").replace('"', '\\"') + '"'
