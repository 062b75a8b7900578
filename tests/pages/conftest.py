"""The website of the organization under test."""

import pytest

from core.pages import actions
from core.pages.models import HomePage


@pytest.fixture
def site(cast):
    actions.create_site(name="North Practice")
    cast.home = HomePage.objects.get()
    return cast
