"""The organization in force."""

import pytest
from django.db import ProgrammingError, connection, transaction

from core.people.models import User
from tenants import context


def test_query_without_organization_raises(db):
    context.clear()

    with pytest.raises(ProgrammingError), transaction.atomic():
        list(User.objects.all())


def test_rows_of_the_other_organization_are_invisible(cast, south):
    assert User.objects.filter(name__contains="South").count() == 0

    with context.organization_context(south):
        assert User.objects.get(pk=cast.nora.pk).name == "Olga South"

    assert User.objects.get(pk=cast.nora.pk).name == "Nora North"


def test_public_tables_are_out_of_reach_for_organizations(north):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM tenants_organization")


def test_unknown_host_gets_a_neutral_404(db, client):
    response = client.get("/", headers={"host": "nobody.test"})

    assert response.status_code == 404
    assert not response.cookies
    assert b"Practice" not in response.content
