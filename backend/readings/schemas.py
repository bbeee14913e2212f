"""Reading over HTTP. Nothing here may tell a reader the model, the arm, the truth or what others answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from backend.core.schemas import LINE, PARAGRAPHS, Create, HexId, Read, Timestamp
from backend.reader_studies.design import Key
from backend.reader_studies.items import ItemContent


def _no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no answers")
    return value


Comment = Annotated[str, StringConstraints(max_length=4000), *PARAGRAPHS]
AnswerText = Annotated[str, StringConstraints(max_length=4000), *PARAGRAPHS]
# likert: 1 to 5; scale: 0 to 100; choice: key of the option; text: words.
Answers = dict[Key, Annotated[int, BeforeValidator(_no_boolean)] | AnswerText]
Milliseconds = Annotated[int, Field(ge=0, lt=2**31)]


class ReadingStatus(StrEnum):
    """Where a reader stands. ``washout``: the next session is not open yet. ``closed``: by the coordinator."""

    INVITED = "invited"
    READING = "reading"
    WASHOUT = "washout"
    FINISHED = "finished"
    CLOSED = "closed"


class ReaderProfile(Create):
    """Who the reader is as a rater (GRRAS 12)."""

    profession: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), *LINE]
    years: Annotated[int, Field(ge=0, le=80)] = Field(description="Years of practice in it.")
    experience: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), *PARAGRAPHS] = Field(
        "", description="With such images, and with explanations of models."
    )


class ReadingSession(Read):
    """One sitting's worth of items."""

    number: int
    done: int
    total: int
    opens_at: Timestamp | None = Field(description="Not before; null: open, or once the session before is done.")


class ReadingSummary(Read):
    """A study that one reads in."""

    study_id: str
    title: str
    status: ReadingStatus
    session: int = Field(description="The one that comes now, from 1.")
    done: int
    total: int
    opens_at: Timestamp | None
    reminded_at: Timestamp | None = Field(description="Null once seen.")
    new_replies: int
    last_answer_at: Timestamp | None


class ReadingList(Read):
    """Those with something to do first."""

    items: list[ReadingSummary]


class ReadingTask(Read):
    """What is asked, as far as readers know beforehand."""

    title: str
    instructions: str


class ReadingRead(ReadingSummary):
    """Everything that a reader knows of a study."""

    question: str
    instructions: str
    clinical_information: str
    coordinator: str | None = Field(description="Name of the owner, for questions.")
    tasks: list[ReadingTask] = Field(description="In the order of the design, whatever the order of the items.")
    sessions: list[ReadingSession]
    idle_seconds: int
    show_progress: bool
    amend_answers: bool
    ask_profile: bool
    profile: ReaderProfile | None
    practice: int = Field(description="Practice items at the start.")


class ReadingStart(Create):
    """The reader begins."""

    agreed: bool = Field(description="Has read the instructions; must be true.")
    profile: ReaderProfile | None = Field(None, description="Needed where the study asks for it.")

    @model_validator(mode="after")
    def must_agree(self) -> ReadingStart:
        if not self.agreed:
            raise ValueError("confirm that you have read the instructions")
        return self


class DraftUpdate(Create):
    """What has been given so far. Kept, and replaced by the next one; it need not be complete."""

    answers: Answers = Field(max_length=20)
    comment: Comment = ""
    cannot_judge: bool = False
    active_ms: Milliseconds = 0
    idle_ms: Milliseconds = 0


class DraftRead(Read):
    """What has been given so far."""

    answers: dict[str, int | str]
    comment: str
    cannot_judge: bool
    active_ms: int
    idle_ms: int


class ReadingItem(Read):
    """One item. ``id`` is drawn at random for this reader and this place in the order; it says nothing."""

    id: str
    session: int
    number: int = Field(description="Place in the session, from 1.")
    practice: bool
    image: str = Field(description="Address of the image; may be fetched ahead.")
    width: int
    height: int
    content: ItemContent
    draft: DraftRead | None


class NextRead(Read):
    """What to read now, and what comes then."""

    status: ReadingStatus
    item: ReadingItem | None = Field(description="Null unless the status is `invited` or `reading`.")
    upcoming: ReadingItem | None = Field(description="The one after it, to be loaded ahead.")
    done: int = Field(description="In this session.")
    total: int
    opens_at: Timestamp | None


class ResponseCreate(DraftUpdate):
    """The answer to an item. It is locked; sent again, it changes nothing."""

    assignment_id: HexId


class ResponseRead(Read):
    """A locked answer, as the one who gave it sees it."""

    id: str
    assignment_id: str
    session: int
    number: int
    practice: bool
    answers: dict[str, int | str]
    cannot_judge: bool
    comment: str
    submitted_at: Timestamp
    amendments: int


class ResponseList(Read):
    """One's own, newest first."""

    items: list[ResponseRead]


class AmendmentCreate(Create):
    """A correction. The answer itself stays."""

    answers: Answers = Field(max_length=20)
    cannot_judge: bool = False
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=2000), *PARAGRAPHS]


class QueryCreate(Create):
    """A question to the coordinator."""

    assignment_id: HexId | None = Field(None, description="The item that it is about.")
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), *PARAGRAPHS]


class QueryRead(Read):
    """One's own question."""

    id: str
    session: int | None
    number: int | None
    text: str
    created_at: Timestamp
    reply: str | None
    replied_at: Timestamp | None


class QueryList(Read):
    """Newest first."""

    items: list[QueryRead]
