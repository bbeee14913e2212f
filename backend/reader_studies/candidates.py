"""Images to choose from, and random samples of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from backend.datasets.errors import DatasetDamaged
from backend.datasets.procedural import PROCEDURAL
from backend.db.study_tables import ReaderStudy
from backend.examples.catalogue import all_examples
from backend.reader_studies import repository, sources
from backend.reader_studies.blinding import current_design, require_unblinded
from backend.reader_studies.case_rules import reference
from backend.reader_studies.checking import concept_sets_of
from backend.reader_studies.design import Sampling, StudyCaseRef, StudyDesign
from backend.reader_studies.errors import CandidateSourceMissing
from backend.reader_studies.members import require_member
from backend.reader_studies.schemas import (
    CandidateList,
    CandidateQuery,
    CandidateRead,
    CaseLabels,
    SampleCreate,
    SampleRead,
)
from backend.reader_studies.service import label_of
from backend.reader_studies.sources import Source
from backend.resources import Resources
from models.data.errors import DataError

MOST_LISTED = 200
GONE = "No longer there, or not for you to see"
UNKNOWN = ""  # the class of images whose class nobody knows


class Candidate(NamedTuple):
    """An image that could be read."""

    ref: StudyCaseRef
    source: Source


def find(session: Session, resources: Resources, body: CandidateQuery) -> CandidateList:
    """The first that match. ``by_class`` counts those of all classes, so that others can be chosen.

    Raises:
        CandidateSourceMissing: no data set is named, or it is not ready.
    """
    found = _matching(session, resources, body)
    chosen = _of_classes(found, body.classes)
    return CandidateList(
        items=[_read(each) for each in chosen[:MOST_LISTED]],
        total=len(chosen),
        by_class=dict(sorted(Counter(each.source.class_key or UNKNOWN for each in found).items())),
    )


def sample(session: Session, resources: Resources, body: SampleCreate) -> SampleRead:
    """A random sample, as many of each stratum as of the others; the same for the same seed and the same images.

    Of images that are the same or near-duplicates of each other one at most is drawn, and none that is like an image
    that was chosen before. Strata that have too few images are not made up for by others, so that the sample stays
    even.

    Raises:
        CandidateSourceMissing: no data set is named, or it is not ready.
    """
    found = _of_classes(_matching(session, resources, body), body.classes)
    random = np.random.default_rng(body.seed)
    pool = _different(_shuffled(found, random), _chosen(session, resources, body.leave_out))
    strata = _strata(pool, body)
    drawn: list[Candidate] = []
    short: dict[str, int] = {}
    quotas = _quotas(sorted(strata), body.count, random)
    for name in sorted(strata):
        taken = strata[name][: quotas[name]]
        drawn += taken
        if len(taken) < quotas[name]:
            short[name] = quotas[name] - len(taken)
    population = sum(map(len, strata.values()))
    drawn = _shuffled(drawn, random)
    method = "all" if drawn and len(drawn) == population else "stratified_random"
    return SampleRead(
        items=[_read(each) for each in drawn],
        sampling=Sampling(
            method=method,
            source=_source_words(session, body),
            strata=body.strata,
            seed=body.seed,
            population=population,
        ),
        short=short,
    )


def of_study(session: Session, resources: Resources, study_id: str) -> CaseLabels:
    """The images of a design in its order; those of a published study as they were then.

    Raises:
        StudyNotFound, StillReading: as ``members.require_member`` and ``blinding.require_unblinded``.
    """
    study = require_member(session, study_id)
    require_unblinded(session, study)
    design = current_design(session, study)
    if study.status in ("open", "closed"):
        return CaseLabels(items=_published(session, study, design))
    found = sources.resolve(session, resources.library, design.cases)
    names = _class_names(session, design)
    return CaseLabels(
        items=[
            _gone(ref) if source is None else _read(Candidate(ref, source), names)
            for ref, source in zip(design.cases, found, strict=True)
        ]
    )


def _matching(session: Session, resources: Resources, body: CandidateQuery) -> list[Candidate]:
    """All that the source and the search allow, in a fixed order."""
    if body.source == "cases":
        return _cases(session, body)
    if not body.dataset_id:
        raise CandidateSourceMissing
    needle = body.search.casefold()
    if body.dataset_id in PROCEDURAL:
        return [each for each in _examples(body) if needle in each.source.label.casefold()]
    dataset = sources.open_datasets(session, resources.library, [body.dataset_id]).get(body.dataset_id)
    if dataset is None:
        raise CandidateSourceMissing
    try:
        rows = dataset.rows
    except DataError as error:
        raise CandidateSourceMissing(f"{error}. {DatasetDamaged.summary}") from error
    return [
        Candidate(_image_ref(body, key, source), source)
        for key, (number, row) in rows.items()
        if row.split == body.split and needle in key.casefold()
        for source in [dataset.source(body.dataset_id, number, row)]
    ]


def _cases(session: Session, body: CandidateQuery) -> list[Candidate]:
    name = body.dataset_id or None
    if name is not None and name not in PROCEDURAL:
        row = repository.datasets(session, [name]).get(name)
        name = row.name if row is not None else name
    rows = repository.matching_cases(session, name, body.search)
    found = sources.of_cases(session, rows)
    return [Candidate(StudyCaseRef(case_id=row.id, truth_class=found[row.id].class_key), found[row.id]) for row in rows]


def _examples(body: CandidateQuery) -> list[Candidate]:
    """The gallery's images of a procedural set: they are of its test split."""
    return [
        Candidate(_image_ref(body, key, source), source)
        for key, example in all_examples().items()
        if example.drawn.name == body.dataset_id and body.split == "test"
        for source in [sources.of_example(example)]
    ]


def _image_ref(body: CandidateQuery, key: str, source: Source) -> StudyCaseRef:
    return StudyCaseRef(dataset_id=body.dataset_id, split=body.split, image=key, truth_class=source.class_key)


def _of_classes(found: Sequence[Candidate], classes: Sequence[str]) -> list[Candidate]:
    """Those of the classes; all without. ``UNKNOWN`` stands for those whose class nobody knows."""
    wanted = set(classes)
    return [each for each in found if not wanted or (each.source.class_key or UNKNOWN) in wanted]


def _shuffled(found: Sequence[Candidate], random: np.random.Generator) -> list[Candidate]:
    """In random order, whatever the order before."""
    ordered = sorted(found, key=lambda each: reference(each.ref))
    return [ordered[place] for place in random.permutation(len(ordered))]


def _chosen(session: Session, resources: Resources, refs: Sequence[StudyCaseRef]) -> set[str]:
    """What is not to be drawn again: these images, and what looks like them."""
    found = sources.resolve(session, resources.library, refs)
    taken = {reference(ref) for ref in refs}
    return taken.union(*(_marks(source) for source in found if source is not None))


def _different(found: Iterable[Candidate], taken: set[str]) -> list[Candidate]:
    """The first of all that are alike."""
    kept = []
    for each in found:
        marks = {reference(each.ref)} | _marks(each.source)
        if taken.isdisjoint(marks):
            taken = taken | marks
            kept.append(each)
    return kept


def _marks(source: Source) -> set[str]:
    cluster = set() if source.cluster is None else {f"cluster/{source.cluster}"}
    return {f"pixels/{source.fingerprint}"} | cluster


def _strata(pool: Sequence[Candidate], body: SampleCreate) -> dict[str, list[Candidate]]:
    """By class: those that were asked for, though none be there. Images of no known class are in none of them, unless
    they were asked for, or there are no others.
    """
    strata: dict[str, list[Candidate]] = defaultdict(list)
    if body.strata == "class":
        strata.update((key, []) for key in body.classes)
    for each in pool:
        strata[_stratum(each, body)].append(each)
    if body.strata == "class" and UNKNOWN not in body.classes and len(strata) > 1:
        strata.pop(UNKNOWN, None)
    return dict(strata) or {UNKNOWN: []}


def _stratum(each: Candidate, body: SampleCreate) -> str:
    if body.strata == "none":
        return "all"
    return (each.source.class_key if body.strata == "class" else each.source.dataset) or UNKNOWN


def _quotas(names: Sequence[str], count: int, random: np.random.Generator) -> dict[str, int]:
    """Equal ones; where they do not come out even, who gets one more is drawn."""
    each, rest = divmod(count, len(names))
    more = {names[place] for place in random.permutation(len(names))[:rest]}
    return {name: each + (name in more) for name in names}


def _source_words(session: Session, body: CandidateQuery) -> str:
    """Where images were drawn from, for the methods text."""
    name = body.dataset_id or ""
    row = None if not name or name in PROCEDURAL else repository.datasets(session, [name]).get(name)
    name = row.name if row is not None else name
    if body.source == "dataset":
        words = f"data set {name}, split {body.split}"
    else:
        words = f"cases of data set {name}" if name else "cases"
    words += f", matching '{body.search}'" if body.search else ""
    words += f", classes {', '.join(body.classes)}" if body.classes else ""
    return words if len(words) <= 200 else words[:199] + "…"


def _read(each: Candidate, class_names: Mapping[str, str] | None = None) -> CandidateRead:
    source, key = each.source, each.ref.truth_class
    own = key is None or key == source.class_key
    return CandidateRead(
        ref=each.ref,
        label=source.label,
        dataset=source.dataset,
        class_name=source.class_name if own else (class_names or {}).get(key or "", key),
        synthetic=source.synthetic,
        thumbnail=source.thumbnail,
    )


def _gone(ref: StudyCaseRef) -> CandidateRead:
    return CandidateRead(ref=ref, label=GONE, dataset=None, class_name=None, synthetic=False, thumbnail=None)


def _published(session: Session, study: ReaderStudy, design: StudyDesign) -> list[CandidateRead]:
    names = _class_names(session, design)
    rows = repository.study_cases(session, study.id)
    return [
        CandidateRead(
            ref=ref,
            label=label_of(row.source, row.number),
            dataset=row.dataset,
            class_name=None if row.truth_class is None else names.get(row.truth_class, row.truth_class),
            synthetic=row.synthetic,
            thumbnail=image_address(study.id, place),
        )
        for place, (ref, row) in enumerate(zip(design.cases, rows, strict=True))
    ]


def image_address(study_id: str, place: int) -> str:
    """Of an image of the design, below ``/api/v1``."""
    return f"/reader-studies/{study_id}/cases/{place}/image"


def _class_names(session: Session, design: StudyDesign) -> dict[str, str]:
    """By key; of the classes of the design's models."""
    sets = concept_sets_of(session, design).values()
    return {label.key: label.name for concept_set in sets for label in concept_set.classes}
