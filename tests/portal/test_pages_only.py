"""The portal is pages: whatever is stored, or done without anybody looking, stands in a room below it."""

import pytest
from django.apps import apps

pytestmark = pytest.mark.unit


def test_portal_stores_nothing():
    assert [model for model in apps.get_models() if model.__module__.startswith("portal.")] == []
