"""Making concept sets and revisions, and saying what changed."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.audit.service import Subject, record
from backend.concept_sets import presenting, repository
from backend.concept_sets.content import examine, read_content
from backend.concept_sets.errors import (
    BadConceptSet,
    ConceptSetNameTaken,
    ConceptSetNotFound,
    NotNewest,
    RevisionNotFound,
    Unchanged,
)
from backend.concept_sets.schemas import (
    ConceptSetCheck,
    ConceptSetCheckCreate,
    ConceptSetCreate,
    ConceptSetList,
    ConceptSetRead,
    ConceptSetRevisionCreate,
    RevisionDiff,
    RevisionList,
    RevisionListed,
    RevisionRead,
    RevisionSummary,
)
from backend.db.base import new_id, now
from backend.db.tables import ConceptSetRevision, ConceptSetRow
from backend.people.names import Names
from models.concepts import ConceptSet
from models.concepts.changes import Change, sentences
from models.concepts.diff import diff
from models.concepts.review import review

MOST_SENTENCES = 50
_IN_ERRORS = 10


def list_sets(session: Session) -> ConceptSetList:
    """All sets by name."""
    newest, counts = repository.newest(session), repository.count_revisions(session)
    models = repository.list_models(session)
    names = Names(session, (revision.author_id for revision in newest.values()))
    items = [
        presenting.read_set(row, newest[row.id], counts[row.id], models, names)
        for row in repository.list_all(session)
        if row.id in newest
    ]
    return ConceptSetList(items=items)


def read_set(session: Session, row: ConceptSetRow) -> ConceptSetRead:
    """One set."""
    newest = _newest(session, row.id)
    counts, models = repository.count_revisions(session), repository.list_models(session)
    return presenting.read_set(row, newest, counts[row.id], models, Names(session, [newest.author_id]))


def list_revisions(session: Session, row: ConceptSetRow, page: slice) -> RevisionList:
    """A page of a set's revisions, each with what it changed."""
    total, found = repository.list_revisions(session, row.id, page)
    names = Names(session, (revision.author_id for revision in found))
    wanted = {revision.parent_revision_id for revision in found if revision.parent_revision_id}
    parents = repository.list_by_ids(session, wanted)
    items = [
        RevisionListed(
            **presenting.summary_fields(revision, names),
            changes=sentences(_since(parents.get(revision.parent_revision_id or ""), revision), MOST_SENTENCES),
        )
        for revision in found
    ]
    return RevisionList(items=items, total=total)


def read_revision(session: Session, revision: ConceptSetRevision) -> RevisionRead:
    """One revision with all that it says."""
    said = presenting.concept_set_of(revision)
    parent = repository.get_revision(session, revision.parent_revision_id) if revision.parent_revision_id else None
    models = repository.list_models(session, revision.digest)
    return RevisionRead(
        **presenting.summary_fields(revision, Names(session, [revision.author_id])),
        newest=_newest(session, revision.concept_set_id).id == revision.id,
        content=presenting.content(said),
        prompts=presenting.prompts(said),
        warnings=list(review(said)),
        changes=presenting.changes(_since(parent, revision)),
        models=presenting.users([model for model in models if model.concept_set_id == revision.concept_set_id]),
    )


def compare(session: Session, before: ConceptSetRevision, after: ConceptSetRevision) -> RevisionDiff:
    """What changed from one to the other; they need not be of one set."""
    names = Names(session, (before.author_id, after.author_id))
    return RevisionDiff(
        before=RevisionSummary(**presenting.summary_fields(before, names)),
        after=RevisionSummary(**presenting.summary_fields(after, names)),
        changes=presenting.changes(_since(before, after)),
    )


def check(session: Session, body: ConceptSetCheckCreate) -> ConceptSetCheck:
    """What saving would say; nothing is kept. Raises ``RevisionNotFound``."""
    base = require_revision(session, body.base_revision_id) if body.base_revision_id else None
    problems, found = examine(body)
    if found is None:
        nothing = dict.fromkeys(("content", "digest", "prompts", "warnings", "changes"))
        return ConceptSetCheck(problems=problems, **nothing)
    return ConceptSetCheck(
        problems=[],
        content=presenting.content(found),
        digest=found.digest(),
        prompts=presenting.prompts(found),
        warnings=list(review(found)),
        changes=presenting.changes(diff(presenting.concept_set_of(base), found)) if base else None,
    )


def create(session: Session, body: ConceptSetCreate) -> RevisionRead:
    """A new set with its first revision.

    Raises:
        BadConceptSet: it does not hold together.
        ConceptSetNameTaken: there is one of this name.
    """
    said = read_content(body)
    if repository.find(session, said.name) is not None:
        raise ConceptSetNameTaken
    row = ConceptSetRow(id=new_id(), name=said.name)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:  # two at once, where the database lets both look first
        raise ConceptSetNameTaken from error
    revision = _add(session, row, said, 1, None, body.reason)
    told = {"name": row.name, "revision": 1, "digest": revision.digest, "reason": body.reason}
    record(session, "concept_set.created", Subject("concept_set", row.id), after=told)
    return read_revision(session, revision)


def revise(session: Session, concept_set_id: str, body: ConceptSetRevisionCreate) -> RevisionRead:
    """A new revision after the newest one.

    Raises:
        ConceptSetNotFound, RevisionNotFound: no such set, or the parent is none of its revisions.
        BadConceptSet: it does not hold together, or has another name.
        NotNewest: somebody saved meanwhile.
        Unchanged: nothing to save.
    """
    said = read_content(body)
    row = repository.lock(session, concept_set_id)
    if row is None:
        raise ConceptSetNotFound
    parent = require_revision(session, body.parent_revision_id)
    if parent.concept_set_id != row.id:
        raise RevisionNotFound(f"The parent is no revision of the concept set '{row.name}'.")
    if said.name != row.name:
        raise BadConceptSet(f"name: is '{said.name}', but this set is '{row.name}'; names stay, or make a new set")
    newest = _newest(session, row.id)
    if newest.id != parent.id:
        raise NotNewest(_meanwhile(session, parent, newest))
    if newest.digest == said.digest():
        raise Unchanged
    changes = diff(presenting.concept_set_of(newest), said)
    number = repository.last_number(session, row.id) + 1
    revision = _add(session, row, said, number, newest.id, body.reason)
    before = {"revision": newest.number, "digest": newest.digest}
    told = {"revision": number, "digest": revision.digest, "reason": body.reason}
    told["changes"] = sentences(changes, MOST_SENTENCES)
    record(session, "concept_set.revised", Subject("concept_set", row.id), before, told)
    return read_revision(session, revision)


def require(session: Session, concept_set_id: str) -> ConceptSetRow:
    """The set, or ``ConceptSetNotFound``."""
    row = repository.get(session, concept_set_id)
    if row is None:
        raise ConceptSetNotFound
    return row


def require_revision(session: Session, revision_id: str) -> ConceptSetRevision:
    """The revision, or ``RevisionNotFound``."""
    revision = repository.get_revision(session, revision_id)
    if revision is None:
        raise RevisionNotFound
    return revision


def _add(
    session: Session, row: ConceptSetRow, said: ConceptSet, number: int, parent_id: str | None, reason: str
) -> ConceptSetRevision:
    revision = ConceptSetRevision(
        id=new_id(),
        concept_set_id=row.id,
        number=number,
        digest=said.digest(),
        content=said.model_dump(mode="json"),
        parent_revision_id=parent_id,
        author_id=current().user_id,
        reason=reason,
        created_at=now(),
    )
    session.add(revision)
    session.flush()
    return revision


def _newest(session: Session, concept_set_id: str) -> ConceptSetRevision:
    found = repository.newest(session, concept_set_id).get(concept_set_id)
    if found is None:
        raise RevisionNotFound
    return found


def _since(before: ConceptSetRevision | None, after: ConceptSetRevision) -> tuple[Change, ...]:
    if before is None:
        return ()
    return diff(presenting.concept_set_of(before), presenting.concept_set_of(after))


def _meanwhile(session: Session, parent: ConceptSetRevision, newest: ConceptSetRevision) -> str:
    """Who saved what since, and what to do."""
    later = repository.list_since(session, parent.concept_set_id, parent.number)
    names = Names(session, (revision.author_id for revision in later))
    saved = [
        f"revision {revision.number} by {names.ref(revision.author_id).name if revision.author_id else 'Vitrine'}"
        f" (“{revision.reason}”)"
        for revision in later[-_IN_ERRORS:]
    ]
    since = f"Saved meanwhile: {', '.join(saved)}." if saved else f"The newest is revision {newest.number}."
    changed = " ".join(sentences(_since(parent, newest), _IN_ERRORS))
    return (
        f"Revision {parent.number} is not the newest any more. {since} What changed since: {changed} Nothing was saved "
        f"and nothing is lost: take over what changed (GET /api/v1/concept-set-revisions/{newest.id}), then save again "
        "with that one as the parent."
    )
