"""Where people and a model differ."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from backend.access.principal import current
from backend.agreement import repository
from backend.agreement.answers import Answer, Marks, Vocabulary, after_marks, answer
from backend.agreement.repository import LabelledCase
from backend.agreement.schemas import (
    Accuracy,
    AgreementRead,
    ClassAgreement,
    Disagreement,
    GroupAgreement,
    InterventionAccuracy,
    LabelledModel,
    OptionAgreement,
    OptionRef,
    OptionsAgreement,
)
from backend.agreement.statistics import Confusion, Hits
from backend.db.tables import ModelVersion
from backend.model_registry import service as registry
from backend.model_registry.errors import ModelUnavailable
from backend.people.names import Names
from backend.predictions.schemas import ModelSummary
from backend.resources import Resources
from models.intervene.scores import DecisionHead

logger = logging.getLogger(__name__)

MOST_DISAGREEMENTS = 200
MOST_LABELS = 10_000  # those changed last; a page that takes longer than a few seconds helps nobody


@dataclass
class Comparison:
    """Labels and answers, added up.

    Args:
        words: the model's concept set.
    """

    words: Vocabulary
    classes: Confusion = field(init=False)
    groups: list[Confusion] = field(init=False)
    stored: Hits = field(default_factory=Hits)
    marked: Hits = field(default_factory=Hits)
    cases: set[str] = field(default_factory=set)
    labels: int = 0
    disagreement_count: int = 0
    # Label's place in the list, index of the group (None: the class), what the person and the model say.
    disagreements: list[tuple[LabelledCase, Answer, int | None, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        concept_set = self.words.concept_set
        self.classes = Confusion(len(concept_set.classes))
        self.groups = [Confusion(max(2, len(group.options))) for group in concept_set.groups]

    def add(self, row: LabelledCase, marks: Marks, found: Answer) -> None:
        """One label."""
        self.labels += 1
        self.cases.add(row.label.case_id)
        if marks.class_index is not None:
            self.classes.add(marks.class_index, found.class_index)
            names = self.words.concept_set.class_names
            self._differ(row, found, None, (marks.class_index, found.class_index), names)
        for group, place in sorted(marks.options.items()):
            self.groups[group].add(place, found.options[group])
            told = [self.words.told(group, each) for each in range(self.groups[group].size)]
            self._differ(row, found, group, (place, found.options[group]), told)

    def _differ(
        self, row: LabelledCase, found: Answer, group: int | None, said: tuple[int, int], names: Sequence[str]
    ) -> None:
        person, model = said
        if person == model:
            return
        self.disagreement_count += 1
        if len(self.disagreements) < MOST_DISAGREEMENTS:
            self.disagreements.append((row, found, group, names[person], names[model]))


def read_agreement(session: Session, resources: Resources, model_version_id: str | None, mine: bool) -> AgreementRead:
    """Of the labels that the one who asks may see. Raises ``ModelNotFound``.

    Args:
        session: to read with.
        resources: for the model's head.
        model_version_id: default: the model with most labels.
        mine: only one's own labels.
    """
    author = current().user_id if mine else None
    choices = list_models(session, author)
    wanted = model_version_id or (choices[0].id if choices else None)
    if wanted is None:
        return _nothing()
    model = registry.require(session, wanted)
    found, left_out = _compare(session, model, author, _head(resources, model))
    return _read(session, model, choices, found, left_out)


def read_options(session: Session, model_version_id: str) -> OptionsAgreement:
    """Of all labels that the one who asks may see, option by option. Raises ``ModelNotFound``."""
    model = registry.require(session, model_version_id)
    found, _ = _compare(session, model, None, None)
    return OptionsAgreement(
        model_version_id=model.id,
        labels=found.labels,
        options=[
            OptionAgreement(
                option_id=f"{group.key}.{option.key}", group_key=group.key, **asdict(confusion.of_answer(place))
            )
            for group, confusion in zip(found.words.concept_set.groups, found.groups, strict=True)
            for place, option in enumerate(group.options)
        ],
    )


def list_models(session: Session, author_id: str | None) -> list[LabelledModel]:
    """Models that labels can be held against, those with most first."""
    counts = repository.counts(session, author_id)
    rows = repository.models(
        session, (each.model_version_id for each in counts), (each.concept_set_digest for each in counts)
    )
    by_id = {row.id: row for row in rows}
    by_digest = {row.concept_set_digest: registry.concept_set_of(row) for row in rows}
    totals: dict[str, int] = {}
    for each in counts:
        model = by_id[each.model_version_id]
        other = by_digest.get(each.concept_set_digest)
        words = Vocabulary(by_digest[model.concept_set_digest])
        if other is None or words.is_related_to(other):
            totals[model.id] = totals.get(model.id, 0) + each.labels
    ranked = sorted(totals, key=lambda key: (-totals[key], by_id[key].name, key))
    return [LabelledModel(id=key, name=by_id[key].name, labels=totals[key]) for key in ranked]


def answers(session: Session, author_id: str | None, model_version_id: str) -> dict[str, Answer]:
    """The model's latest answer for each labelled case."""
    rows = repository.predictions(session, author_id, model_version_id)
    return {case_id: answer(prediction_id, content) for prediction_id, case_id, content in rows}


def _compare(
    session: Session, model: ModelVersion, author_id: str | None, head: DecisionHead | None
) -> tuple[Comparison, int]:
    """Also how many labels are left out. Without a head, what the marks would change is not asked."""
    rows = repository.labels(session, author_id, model.id, MOST_LABELS)
    said = answers(session, author_id, model.id)
    tried = repository.interventions(session, author_id, model.id)
    comparison = Comparison(Vocabulary(registry.concept_set_of(model)))
    strange = _unrelated(session, comparison.words, {row.label.concept_set_digest for row in rows})
    keys = comparison.words.concept_set.class_keys
    counted: set[tuple[str, str]] = set()  # the newest of a person's labels of a case, where revisions made several
    for row in rows:
        author = (row.label.case_id, row.label.author_id)
        if row.label.concept_set_digest in strange or author in counted:
            continue
        marks = comparison.words.marks(row.label.class_key, row.label.options)
        found = said.get(row.label.case_id)
        if marks.empty or found is None:
            continue
        counted.add(author)
        comparison.add(row, marks, found)
        if marks.class_index is None:
            continue
        truth = keys[marks.class_index]
        stored = tried.get((found.prediction_id, row.label.author_id))
        if stored is not None:
            comparison.stored.add(stored[0] == truth, stored[1] == truth)
        if head is not None and marks.options:
            after = after_marks(head, found, marks)
            comparison.marked.add(found.class_index == marks.class_index, after == marks.class_index)
    total = len(rows) if len(rows) < MOST_LABELS else repository.count(session, author_id, model.id)
    return comparison, total - comparison.labels


def _unrelated(session: Session, words: Vocabulary, digests: Iterable[str]) -> set[str]:
    """Concept sets whose labels say nothing here. One that no model has any more is taken for related."""
    rows = repository.models(session, (), digests)
    return {row.concept_set_digest for row in rows if not words.is_related_to(registry.concept_set_of(row))}


def _head(resources: Resources, model: ModelVersion) -> DecisionHead | None:
    """None where the model's files are gone: what was said before can still be compared."""
    try:
        return resources.editable.get(model.id, Path(model.folder)).head
    except ModelUnavailable:
        logger.warning("model %s has no head to hold marks against", model.id)
        return None


def _read(
    session: Session, model: ModelVersion, choices: list[LabelledModel], found: Comparison, left_out: int
) -> AgreementRead:
    concept_set = found.words.concept_set
    names = Names(session, (row.label.author_id for row, *_ in found.disagreements))
    return AgreementRead(
        model=ModelSummary.model_validate(model),
        models=choices,
        labels=found.labels,
        cases=len(found.cases),
        left_out=left_out,
        class_=ClassAgreement(
            keys=list(concept_set.class_keys), names=list(concept_set.class_names), **found.classes.told()
        ),
        groups=[
            GroupAgreement(
                key=group.key,
                name=group.name,
                options=[OptionRef(id=f"{group.key}.{option.key}", text=option.text) for option in group.options],
                **confusion.told(),
            )
            for group, confusion in zip(concept_set.groups, found.groups, strict=True)
        ],
        interventions=_accuracies(found.stored, found.marked),
        disagreements=[
            Disagreement(
                case_id=row.label.case_id,
                pseudonym=row.pseudonym,
                prediction_id=answered.prediction_id,
                author=names.ref(row.label.author_id),
                group_key=None if group is None else concept_set.group_keys[group],
                person=person,
                model=said,
            )
            for row, answered, group, person, said in found.disagreements
        ],
        disagreement_count=found.disagreement_count,
    )


def _nothing() -> AgreementRead:
    return AgreementRead(
        model=None,
        models=[],
        labels=0,
        cases=0,
        left_out=0,
        class_=ClassAgreement(keys=[], names=[], **Confusion(0).told()),
        groups=[],
        interventions=_accuracies(Hits(), Hits()),
        disagreements=[],
        disagreement_count=0,
    )


def _accuracies(stored: Hits, marked: Hits) -> InterventionAccuracy:
    return InterventionAccuracy(stored=Accuracy(**stored.told()), marked=Accuracy(**marked.told()))
