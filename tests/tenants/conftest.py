"""Real commits: a schema that is dropped afterwards, and threads with connections of their own."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connection

from tenants import context, schema_script
from tenants.models import Domain, DueWork, FailedTask, FailedWork, Organization, OrganizationEvent


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without the test's transaction: what the test makes is seen by other connections. The test (or `organizations`) cleans up."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        yield
        connection.close()


@pytest.fixture
def swept(committed: None) -> Iterator[None]:
    """Removes every organization but north and south after the test, and what was due."""
    yield
    context.clear()
    with context.public_context():
        extra = Organization.objects.exclude(slug__in=["north", "south"])
        for organization in extra:
            schema_script.drop(organization.schema_name)
        with context.as_database_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tenants_organizationevent DISABLE TRIGGER USER")
            OrganizationEvent.objects.all().delete()
            cursor.execute("ALTER TABLE tenants_organizationevent ENABLE TRIGGER USER")
        Domain.objects.filter(tenant__in=extra).delete()
        extra.delete()
        DueWork.objects.all().delete()
        FailedWork.objects.all().delete()
        FailedTask.objects.all().delete()
        Organization.objects.update(state=Organization.State.ACTIVE)
