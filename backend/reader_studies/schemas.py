"""Reader studies over HTTP, for those who run them."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from backend.auth.schemas import Email, PersonName, PersonRef
from backend.core.schemas import PARAGRAPHS, Create, HexId, Read, Timestamp
from backend.people.schemas import PersonLinkRead
from backend.reader_studies.design import Key, Line, Name, Sampling, StudyCaseRef, StudyDesign, TaskKind
from backend.reader_studies.items import ItemContent, ItemTruth

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), *PARAGRAPHS]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), *PARAGRAPHS]


class StudyStatus(StrEnum):
    """``publishing``: what readers will see is being prepared."""

    DRAFT = "draft"
    PUBLISHING = "publishing"
    OPEN = "open"
    CLOSED = "closed"


class StudyRole(StrEnum):
    """``owner`` and ``coordinator`` run the study; an ``observer`` only sees results, when members may."""

    OWNER = "owner"
    COORDINATOR = "coordinator"
    OBSERVER = "observer"


class ReaderStatus(StrEnum):
    """``invited``: has not begun. ``withdrawn``: reads no more; the answers stay."""

    INVITED = "invited"
    READING = "reading"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class StudyCreate(Create):
    """A new draft."""

    design: StudyDesign
    copy_of: HexId | None = Field(None, description="A study whose design it began as; only noted.")


class StudyUpdate(Create):
    """The draft's design, whole."""

    design: StudyDesign
    revision: int = Field(description="That the changes were made to; another one since then is a conflict.")


class StudySummary(Read):
    """A study in a list."""

    id: str
    title: str
    status: StudyStatus
    demonstration: bool
    role: StudyRole | None = Field(description="Of the one who asks; null for administrators who are no member.")
    owner: PersonRef | None
    cases: int
    readers: int
    answered: int = Field(description="Locked answers of readers that were not withdrawn.")
    expected: int = Field(description="Answers when all of them have finished. 0 before publication.")
    open_queries: int
    protocol_version: int = Field(description="0 before publication.")
    created_at: Timestamp
    published_at: Timestamp | None
    closed_at: Timestamp | None


class StudyList(Read):
    """Newest first."""

    items: list[StudySummary]


class Problem(Read):
    """Something that a draft lacks, or a reader might stumble over."""

    severity: Literal["error", "warning"] = Field(description="With an `error` it cannot be published.")
    step: Literal["question", "cases", "arms", "tasks", "order", "readers", "access"]
    field: str = Field(description="Path into the design, such as `tasks.0.anchors`; empty for the step as a whole.")
    text: str = Field(description="What is the matter, and what to do.")


class PublicationProgress(Read):
    """How far preparing is."""

    stage: str
    done: int
    total: int


class StudyPlan(Read):
    """What the design comes to, for one reader."""

    items: int = Field(description="Without practice and repeats.")
    repeats: int
    practice: int
    sessions: int
    minutes: int = Field(description="Rough estimate, at 20 seconds an item.")


class StudyRead(StudySummary):
    """A study with its design. What a reader of it must not know stands here: readers cannot ask for it."""

    design: StudyDesign = Field(description="As the protocol in force has it; without images for one who still reads.")
    revision: int
    problems: list[Problem] = Field(description="Of a draft; empty once published.")
    plan: StudyPlan | None = Field(description="Null while the design is too incomplete to say.")
    progress: PublicationProgress | None
    error: str | None = Field(description="Why preparing failed, and what to do; the study is a draft again.")
    protocol_hash: str | None
    results: Literal["hidden", "live", "closed", "reading"] = Field(
        description="`hidden` until closing; `reading`: the one who asks has not finished reading in it."
    )


class CandidateQuery(Create):
    """Which images to choose from."""

    source: Literal["cases", "dataset"] = "cases"
    dataset_id: Line | None = Field(
        None, description="With `dataset`: which one. With `cases`: only cases of this data set."
    )
    split: Literal["train", "validation", "test"] = "test"
    search: Line = ""
    classes: list[Line] = Field(default=[], max_length=50, description="Only images of these classes; empty: all.")


class SampleCreate(CandidateQuery):
    """A random sample, the same for the same seed."""

    strata: Literal["class", "dataset", "none"] = "class"
    count: Annotated[int, Field(ge=1, le=1000)]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    leave_out: list[StudyCaseRef] = Field(default=[], max_length=1000, description="Already chosen.")


class CandidateRead(Read):
    """An image that could be read."""

    ref: StudyCaseRef
    label: str = Field(description="What the coordinator calls it by: pseudonym or key.")
    dataset: str | None
    class_name: str | None = Field(description="Of the true class, where it is known.")
    synthetic: bool
    thumbnail: str | None = Field(description="Of a small picture, below /api/v1; null for what is gone.")


class CandidateList(Read):
    """Some of those that match."""

    items: list[CandidateRead]
    total: int
    by_class: dict[str, int] = Field(description="How many of each class; the key is empty where it is not known.")


class SampleRead(Read):
    """What was drawn, and how, for the design."""

    items: list[CandidateRead]
    sampling: Sampling
    short: dict[str, int] = Field(description="Strata that had too few, and how many are missing.")


class CaseLabels(Read):
    """The design's images as a coordinator sees them, in the design's order."""

    items: list[CandidateRead]


class PreviewCreate(Create):
    """Which item to show."""

    task_key: Key
    arm_key: Key
    case_index: Annotated[int, Field(ge=0, le=999)] = Field(description="Place in the design's list of images.")


class PreviewRead(Read):
    """An item as a reader will see it, and what a reader will not."""

    content: ItemContent
    image: str = Field(description="Of the image, below /api/v1.")
    width: int
    height: int
    truth: ItemTruth


class ReaderCandidate(Read):
    """An account that can be invited."""

    id: str
    name: str
    email: str


class ReaderCandidateList(Read):
    """By name."""

    items: list[ReaderCandidate]


class ReaderInvite(Create):
    """Somebody with an account, or somebody new by name and address: then a reader's account is made for them."""

    user_id: HexId | None = None
    email: Email | None = None
    name: PersonName | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> ReaderInvite:
        if (self.user_id is None) == (self.email is None) or (self.email is None) != (self.name is None):
            raise ValueError("give user_id, or email and name")
        return self


class SessionProgress(Read):
    """One session of one reader."""

    number: int
    done: int
    total: int
    opens_at: Timestamp | None = Field(description="Not before; null: as soon as the session before is done.")


class StudyReaderRead(Read):
    """A reader as the coordinator sees them. Of their answers only how many."""

    id: str
    code: str = Field(description="R1, R2 …: what results and exports call them.")
    name: str
    email: str | None
    simulated: bool
    status: ReaderStatus
    pending_account: bool = Field(description="Has not chosen a password yet; the link may have to be sent again.")
    sessions: list[SessionProgress]
    done: int
    total: int
    median_seconds: float | None = Field(description="Active time per answer.")
    answers_last_7_days: int
    last_answer_at: Timestamp | None
    expected_end: Timestamp | None = Field(description="At the pace of the last 7 days, washout included.")
    reminded_at: Timestamp | None
    invited_at: Timestamp
    finished_at: Timestamp | None


class StudyReaderList(Read):
    """In the order of invitation."""

    items: list[StudyReaderRead]


class ReaderInvited(Read):
    """``link``: for somebody without a password yet, to hand over. ``path``: where they read, once signed in."""

    reader: StudyReaderRead
    link: PersonLinkRead | None
    path: str


class ReminderRead(Read):
    """The reader sees the reminder in Vitrine. ``text``: to be sent by mail, by whoever reminds."""

    reader: StudyReaderRead
    email: str | None
    subject: str
    text: str


class StatusChange(Create):
    """Closing and reopening."""

    reason: Reason


class Amendment(Create):
    """What may change once a study is open. What is left out stays as it is."""

    reason: Reason
    title: Name | None = None
    instructions: Annotated[str, StringConstraints(max_length=4000), *PARAGRAPHS] | None = None
    task_instructions: dict[Key, Annotated[str, StringConstraints(max_length=4000), *PARAGRAPHS]] = Field(default={})
    grras: dict[Key, Annotated[str, StringConstraints(max_length=4000), *PARAGRAPHS]] = Field(
        default={}, description="GRRAS fields by name."
    )
    washout_days: Annotated[int, Field(ge=0, le=365)] | None = None
    amend_answers: bool | None = None
    live_results: Literal["nobody", "coordinators", "members"] | None = None


class ChangeRead(Read):
    """One field that an amendment changed."""

    field: str
    before: Any
    after: Any


class ProtocolRead(Read):
    """One version of the protocol."""

    version: int
    hash: str = Field(description="SHA-256 of the document as canonical JSON.")
    previous_hash: str | None
    reason: str
    author: PersonRef | None
    created_at: Timestamp
    changes: list[ChangeRead] = Field(description="Against the version before; empty for the first.")


class ProtocolList(Read):
    """Oldest first."""

    items: list[ProtocolRead]


class StudyItemRead(Read):
    """One item with what readers do not know."""

    number: int
    task_key: str
    kind: TaskKind
    arm_key: str
    case_number: int
    case_label: str
    dataset: str | None
    practice: bool
    option_id: str | None
    truth: ItemTruth


class StudyItemList(Read):
    """By number."""

    items: list[StudyItemRead]


class StudyQueryRead(Read):
    """A reader's question as the coordinator sees it."""

    id: str
    reader_code: str
    reader_name: str
    item_number: int | None
    task_title: str | None
    case_label: str | None
    text: str
    created_at: Timestamp
    reply: str | None
    replied_by: PersonRef | None
    replied_at: Timestamp | None


class StudyQueryList(Read):
    """Open ones first, then newest first."""

    items: list[StudyQueryRead]


class QueryReply(Create):
    """What the reader is told."""

    reply: Text


class StudyMemberRead(Read):
    """Somebody beside the owner."""

    user: PersonRef
    role: StudyRole


class StudyMemberList(Read):
    """Owner first."""

    items: list[StudyMemberRead]


class StudyMemberUpdate(Create):
    """Makes somebody a member, or changes what they are."""

    user_id: HexId
    role: Literal["coordinator", "observer"]
