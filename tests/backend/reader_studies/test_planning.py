"""What a design comes to, held against the items and orders that are really made."""

from __future__ import annotations

from itertools import product

import pytest
from PIL import Image

from backend.reader_studies.building import CaseFacts, build_items
from backend.reader_studies.design import Order, Separation, StudyCaseRef, StudyDesign, Task, TaskKind
from backend.reader_studies.orders import make_order, order_items
from backend.reader_studies.planning import plan_of
from backend.reader_studies.schemas import StudyPlan
from models.explanation import Explanation
from tests.support.designs import arms, tasks
from tests.support.explainer import explain_by_colour, load_concept_set

MODEL = "a" * 32
ISIC = load_concept_set("isic2018")
SETS = {MODEL: ISIC}


def design(cases: int, practice: int, order: Order, made: list[Task]) -> StudyDesign:
    refs = [StudyCaseRef(case_id=f"{number:032x}", practice=number < practice) for number in range(cases + practice)]
    return StudyDesign(title="T", cases=refs, arms=arms(MODEL), tasks=made, order=order)


def really(made: StudyDesign, slot: int) -> tuple[int, int, int, int]:
    """Items, repeats, practice items and sessions of one reader."""

    def explain(place: int, model_version_id: str) -> Explanation:
        assert model_version_id == MODEL
        return explain_by_colour(Image.new("RGB", (8, 8), (9 * place, 200 - 7 * place, 90)), ISIC)

    facts = [CaseFacts(8, 8, ref.practice, "mel") for ref in made.cases]
    items = build_items(made, SETS, facts, explain)
    rows = [
        (number, item.task_key, item.arm_key, item.case_index + 1, item.practice) for number, item in enumerate(items)
    ]
    practice = {number for number, _, _, _, is_practice in rows if is_practice}
    placed = make_order(order_items(made, rows), made.order, slot)
    first = [each for each in placed if not each.repeated]
    return (
        sum(each.item not in practice for each in first),
        sum(each.repeated for each in placed),
        sum(each.item in practice for each in first),
        len({each.session for each in placed}),
    )


def counted(plan: StudyPlan | None) -> tuple[int, int, int, int]:
    assert plan is not None
    return plan.items, plan.repeats, plan.practice, plan.sessions


def more_arms() -> list[Task]:
    """Tasks with one, two and three arms, and several concepts of each image."""
    made = tasks()
    made[0] = made[0].model_copy(update={"concepts_per_case": 3})
    made[1] = made[1].model_copy(update={"concepts_per_case": 8, "group_keys": ["color", "border"]})
    made[2] = made[2].model_copy(update={"arm_keys": ["alone", "told", "real"]})
    return made


@pytest.mark.parametrize("separation", list(Separation))
@pytest.mark.parametrize(("cases", "practice", "repeats"), [(1, 0, 0.0), (5, 2, 0.1), (7, 1, 0.25), (6, 0, 0.5)])
def test_it_is_what_a_reader_gets(separation: Separation, cases: int, practice: int, repeats: float) -> None:
    for made, by_task in product((tasks(), more_arms(), tasks()[2:3]), (True, False)):
        order = Order(seed=3, separation=separation, repeats=repeats, by_task=by_task, gap=2)
        whole = design(cases, practice, order, made)
        for slot in (0, 1):
            assert counted(plan_of(whole, SETS)) == really(whole, slot)


def test_by_hand() -> None:
    made = [tasks()[1].model_copy(update={"concepts_per_case": 2}), tasks()[3]]
    # 10 images: 2 concepts under 2 arms, and one free question under one arm.
    plan = plan_of(design(10, 1, Order(repeats=0.1), made), SETS)
    assert plan == StudyPlan(items=50, repeats=5, practice=3, sessions=1, minutes=20)  # 58 x 20 s = 19 min 20 s
    plan = plan_of(design(10, 1, Order(repeats=0.1, separation=Separation.SPLIT), made), SETS)
    assert plan == StudyPlan(items=30, repeats=3, practice=3, sessions=1, minutes=12)
    # Session 1: 20 + 10 items and 3 repeats; session 2: 20 and 2.
    plan = plan_of(design(10, 1, Order(repeats=0.1, separation=Separation.SESSIONS), made), SETS)
    assert plan == StudyPlan(items=50, repeats=5, practice=3, sessions=2, minutes=20)


def test_without_knowing_the_models_the_concepts_are_what_was_asked_for() -> None:
    made = [tasks()[1].model_copy(update={"concepts_per_case": 8})]
    plan = plan_of(design(2, 0, Order(repeats=0), made), {})
    assert plan is not None
    assert plan.items == 2 * 8 * 2


@pytest.mark.parametrize(
    "made",
    [
        [],
        [Task(key="a", kind=TaskKind.QUESTIONS, title="A", arm_keys=[])],
        [Task(key="a", kind=TaskKind.QUESTIONS, title="A", arm_keys=["gone"])],
    ],
)
def test_nothing_is_said_of_what_cannot_be_counted(made: list[Task]) -> None:
    assert plan_of(design(3, 0, Order(), made), SETS) is None


def test_practice_alone_is_no_study() -> None:
    assert plan_of(design(0, 3, Order(), tasks()), SETS) is None
