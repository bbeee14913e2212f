"""The labels: keys of the concept set, distributions as in the tables, and how much they tell about the class."""

import numpy as np
import pytest

from models.concepts import load_concept_set
from models.data.synthetic.ultrasound import (
    CLASS_KEYS,
    CLASS_PRIOR,
    GROUP_KEYS,
    LOCALIZABLE,
    OPTION_KEYS,
    OPTION_TABLES,
    bayes_accuracy,
)
from models.data.synthetic.ultrasound.distributions import draw_class, draw_options
from models.data.synthetic.ultrasound.options import NO_MASS

MASSES = ("benign", "malignant")


def test_keys_are_those_of_the_concept_set():
    concept_set = load_concept_set("busi")

    assert concept_set.class_keys == CLASS_KEYS
    assert {group.key: tuple(option.key for option in group.options) for group in concept_set.groups} == OPTION_KEYS
    assert tuple(group.key for group in concept_set.groups) == GROUP_KEYS
    assert tuple(group.key for group in concept_set.groups if group.localizable) == LOCALIZABLE


def test_the_typical_option_is_the_one_in_the_concept_set():
    concept_set = load_concept_set("busi")

    for class_key, typical in zip(CLASS_KEYS, concept_set.class_table(), strict=True):
        for group, option in zip(GROUP_KEYS, typical, strict=True):
            assert int(np.argmax(OPTION_TABLES[class_key][group])) == option, (class_key, group)


def test_tables_are_distributions():
    assert sum(CLASS_PRIOR.values()) == pytest.approx(1.0)
    assert tuple(CLASS_PRIOR) == CLASS_KEYS
    for class_key in CLASS_KEYS:
        assert tuple(OPTION_TABLES[class_key]) == GROUP_KEYS
        for group, shares in OPTION_TABLES[class_key].items():
            assert len(shares) == len(OPTION_KEYS[group])
            assert sum(shares) == pytest.approx(1.0)


def test_a_normal_picture_has_no_mass_and_the_others_have_one():
    for group, option in NO_MASS.items():
        absent = OPTION_KEYS[group].index(option)
        assert OPTION_TABLES["normal"][group][absent] == 1.0
        if group != "posterior":
            assert all(OPTION_TABLES[key][group][absent] == 0.0 for key in MASSES)


def test_every_option_of_a_mass_occurs_in_benign_and_malignant_ones():
    for class_key in MASSES:
        for group, shares in OPTION_TABLES[class_key].items():
            possible = shares if group == "posterior" else shares[1:]
            assert min(possible) >= 0.1, (class_key, group)
            assert max(possible) <= 0.85, (class_key, group)


def test_draws_follow_the_tables():
    rng = np.random.default_rng(4)
    count = 4000

    classes = np.bincount([draw_class(rng) for _ in range(count)], minlength=len(CLASS_KEYS)) / count
    assert classes == pytest.approx(list(CLASS_PRIOR.values()), abs=0.03)
    for class_index, class_key in enumerate(CLASS_KEYS):
        drawn = np.stack([draw_options(rng, class_index) for _ in range(count)])
        for column, group in enumerate(GROUP_KEYS):
            shares = np.bincount(drawn[:, column], minlength=len(OPTION_KEYS[group])) / count
            assert shares == pytest.approx(list(OPTION_TABLES[class_key][group]), abs=0.035)


def test_groups_are_drawn_independently_given_the_class():
    """Told the class, one descriptor says nothing about another."""
    rng = np.random.default_rng(5)

    for class_index in (1, 2):
        drawn = np.stack([draw_options(rng, class_index) for _ in range(4000)]).astype(float)
        correlation = np.corrcoef(drawn.T) - np.eye(len(GROUP_KEYS))
        assert np.abs(correlation).max() < 0.07


def test_all_concepts_together_nearly_tell_the_class():
    assert 0.90 <= bayes_accuracy(30_000, seed=1) <= 0.95


@pytest.mark.parametrize("group", GROUP_KEYS)
def test_no_concept_alone_tells_the_class(group):
    assert bayes_accuracy(30_000, seed=1, groups=(group,)) <= 0.88


def test_bayes_accuracy_refuses_what_it_cannot_compute():
    with pytest.raises(ValueError, match="expected at least 3"):
        bayes_accuracy(2)
    with pytest.raises(ValueError, match="no such groups: colour"):
        bayes_accuracy(700, groups=("colour",))
