"""Concept sets over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from backend.auth.schemas import PersonRef
from backend.core.schemas import LINE, PARAGRAPHS, Create, HexId, Read, Timestamp
from models.concepts.changes import Kind, Part

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), *LINE]
GivenReason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), *LINE]
Yaml = Annotated[str, *PARAGRAPHS]


class ContentCreate(Create):
    """A concept set in one of two forms."""

    content: dict[str, Any] | None = Field(default=None, description="As `ConceptSetContent`.")
    yaml: Yaml | None = Field(default=None, description="A file as docs/concept-sets.md describes it, up to 128 KiB.")

    @model_validator(mode="after")
    def _one_form(self) -> ContentCreate:
        if (self.content is None) == (self.yaml is None):
            raise ValueError("give either content or yaml")
        return self


class ConceptSetCreate(ContentCreate):
    """A new set. Its name is that of the content."""

    reason: Reason = ""


class ConceptSetRevisionCreate(ContentCreate):
    """What a set should be from now on."""

    reason: GivenReason = Field(description="Why, in a line.")
    parent_revision_id: HexId = Field(description="The newest revision, as far as the one who edits knows.")


class ConceptSetCheckCreate(ContentCreate):
    """What might be saved."""

    base_revision_id: HexId | None = Field(default=None, description="Also say what changed since this one.")


class ConceptClass(Read):
    """One diagnosis."""

    key: str
    name: str


class ConceptOption(Read):
    """One finding that a reader can name."""

    key: str
    text: str
    synonyms: list[str]
    source: str


class ConceptGroup(Read):
    """Options of which one is present; of one option: present or absent."""

    key: str
    name: str
    localizable: bool
    options: list[ConceptOption]


class ConceptSetContent(Read):
    """All that a concept set says."""

    name: str
    version: int
    title: str
    modality: str
    prompt: str
    classes: list[ConceptClass]
    groups: list[ConceptGroup]
    class_options: dict[str, dict[str, str]] = Field(description="Typical option by class and group.")


class ConceptPrompt(Read):
    """What the text encoder reads for one option."""

    option_id: str = Field(description="`<group>.<option>`")
    prompt: str


class ConceptChange(Read):
    """One change between two revisions."""

    kind: Kind = Field(description="`renamed` is a guess: another key for what reads alike; see `similarity`.")
    part: Part
    key: str | None = Field(description="Afterwards; of what was removed, before. Null: of the set itself.")
    group: str | None = Field(description="Of an option or a cell of the table; in the table, null: the whole row.")
    field: str | None
    before: Any = Field(description="Of what was removed, all of it; places count from 0.")
    after: Any = Field(description="Of what was added, all of it.")
    position: int | None = Field(description="Of what was added or moved, from 0.")
    similarity: float | None = Field(description="Of the wording of what was renamed, 0 to 1.")
    sentence: str


class ConceptSetUser(Read):
    """A model version that reasons with a concept set."""

    id: str
    name: str
    dataset: str
    active: bool
    digest: str = Field(description="Of the concept set that it has: it stays with that, whatever is saved later.")


class RevisionSummary(Read):
    """One revision without its content."""

    id: str
    concept_set_id: str
    number: int
    digest: str
    parent_revision_id: str | None = Field(
        description="Null: the first one, or it came with a model or a new release beside what people edit."
    )
    author: PersonRef | None = Field(description="Null: it came with Vitrine or with a model.")
    reason: str
    created_at: Timestamp


class RevisionListed(RevisionSummary):
    """One revision, and what it changed."""

    changes: list[str] = Field(description="In words, since its parent; at most 50.")


class RevisionList(Read):
    """Newest first."""

    items: list[RevisionListed]
    total: int


class RevisionRead(RevisionSummary):
    """One revision with all that it says."""

    newest: bool = Field(description="Whether it is the one that the next revision follows.")
    content: ConceptSetContent
    prompts: list[ConceptPrompt]
    warnings: list[str] = Field(description="What could be better though it holds together.")
    changes: list[ConceptChange] = Field(description="Since its parent.")
    models: list[ConceptSetUser]


class ConceptSetRead(Read):
    """One set: its newest revision in figures, and who uses it."""

    id: str
    name: str
    title: str
    modality: str
    classes: int
    groups: int
    options: int
    shipped: bool = Field(description="Comes with Vitrine.")
    revisions: int
    latest: RevisionSummary
    models: list[ConceptSetUser] = Field(description="With any of its revisions.")


class ConceptSetList(Read):
    """By name."""

    items: list[ConceptSetRead]


class RevisionDiff(Read):
    """What changed from one revision to another one."""

    before: RevisionSummary
    after: RevisionSummary
    changes: list[ConceptChange]


class ConceptSetCheck(Read):
    """What saving would say. Everything but the problems is null if there are some."""

    problems: list[str] = Field(description="Why it cannot be saved, each with its place and what to do.")
    content: ConceptSetContent | None = Field(description="As it would be saved.")
    digest: str | None
    prompts: list[ConceptPrompt] | None
    warnings: list[str] | None
    changes: list[ConceptChange] | None = Field(description="Since the base revision; null without one.")
