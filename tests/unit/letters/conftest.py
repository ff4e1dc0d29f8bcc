"""The payer and the request of the letters under test."""

import pytest

from tests.builders.letters import BEATRIZ, CARDINAL
from worker.domain.request import Request
from worker.letters import Payer


@pytest.fixture
def payer() -> Payer:
    return CARDINAL


@pytest.fixture
def request_row() -> Request:
    return BEATRIZ
