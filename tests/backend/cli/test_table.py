"""The table of ``vitrine explain``."""

import re

import numpy as np
import pytest
from PIL import Image

from backend.cli.table import explanation_table
from models.concepts import ConceptSet, load_concept_set
from models.explanation import Explanation
from tests.support.explainer import explain_by_colour


@pytest.fixture
def isic() -> ConceptSet:
    return load_concept_set("isic2018")


@pytest.fixture
def explanation(isic: ConceptSet) -> Explanation:
    return explain_by_colour(Image.new("RGB", (8, 8), (180, 120, 90)), isic)


def test_every_class_and_option_has_a_line(explanation: Explanation, isic: ConceptSet) -> None:
    lines = explanation_table(explanation, isic).splitlines()

    for name in isic.class_names:
        assert sum(line.lstrip("> ").startswith(name) and "%" in line for line in lines) == 1
    assert sum(bool(re.search(r"%\s+[+-]\d+\.\d\d\s+[+-]\d+\.\d\d$", line)) for line in lines) == isic.option_count
    assert max(map(len, lines)) <= 120


def test_classes_come_most_probable_first(explanation: Explanation, isic: ConceptSet) -> None:
    lines = explanation_table(explanation, isic).splitlines()

    predicted = isic.class_names[isic.class_keys.index(explanation.predicted_class)]
    assert lines[1].startswith(f"> {predicted}")


@pytest.mark.parametrize("class_key", [None, "df", "vasc"])
def test_contributions_and_bias_add_up_to_the_logit(
    explanation: Explanation, isic: ConceptSet, class_key: str | None
) -> None:
    shown = isic.class_keys.index(class_key or explanation.predicted_class)
    table = explanation_table(explanation, isic, class_key)

    printed = [float(line.split()[-1]) for line in table.splitlines() if re.search(r"%\s+\S+\s+[+-]\d+\.\d\d$", line)]
    np.testing.assert_allclose(printed, explanation.contributions[:, shown], atol=0.0051)
    total, bias, logit = re.search(r": (\S+), bias (\S+), together its logit (\S+)\.$", table, re.M).groups()
    assert float(total) + float(bias) == pytest.approx(float(logit), abs=0.02)
    assert isic.class_names[shown] in table.splitlines()[-2]


def test_one_option_of_each_group_is_marked(explanation: Explanation, isic: ConceptSet) -> None:
    lines = explanation_table(explanation, isic).splitlines()
    assert sum(line.startswith("  > ") for line in lines) == isic.group_count
