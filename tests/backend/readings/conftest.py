"""A study that is read."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backend.reader_studies.design import StudyDesign
from tests.support.designs import add_published, make_design
from tests.support.people import READER, become
from tests.support.reading import begin


@pytest.fixture
def design(client: TestClient) -> StudyDesign:
    return make_design(client, cases=2)


@pytest.fixture
def study(client: TestClient, design: StudyDesign) -> str:
    """Open, and the client is its first reader's, who has begun."""
    study_id = add_published(client, design)
    begin(become(client, READER), study_id)
    return study_id
