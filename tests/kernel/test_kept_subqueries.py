"""A kept subquery answers as the subquery itself, in every query around it and in every organization."""

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from core.kernel.kept_subqueries import KeptSubquery
from core.scheduling.models import Appointment, Participant
from tenants.context import organization_context
from tests.factories.scheduling import book, tomorrow

pytestmark = pytest.mark.django_db


def places():
    """The places of the appointment around it, at its own time."""
    found = Participant.objects.filter(appointment=OuterRef("pk"), starts_at=OuterRef("starts_at"))
    return ArraySubquery(found.order_by("pk").values("pk"))


KEPT = KeptSubquery(places(), Appointment, "pk", "starts_at")


@pytest.fixture
def two(cast):
    """Two appointments, each with its place, by their ids."""
    booked = [book(cast, at=tomorrow(9)), book(cast, at=tomorrow(11))]
    return {each.pk: [each.participants.get().pk] for each in booked}


def test_it_gives_what_the_subquery_gives(two):
    kept = dict(Appointment.objects.annotate(places=KEPT).values_list("pk", "places"))

    assert kept == dict(Appointment.objects.annotate(places=places()).values_list("pk", "places")) == two


def test_its_sql_is_put_together_once(two, monkeypatch):
    list(Appointment.objects.annotate(places=KEPT))
    monkeypatch.setattr(KeptSubquery, "_compiled", None)

    assert [row.places for row in Appointment.objects.annotate(places=KEPT).order_by("starts_at")] == list(two.values())


def test_it_reads_the_row_around_it_in_a_subquery_too(two):
    with_places = Appointment.objects.annotate(places=KEPT).filter(places__len=1).order_by()

    assert Appointment.objects.filter(pk__in=with_places.values("pk")).count() == 2
    assert with_places.filter(starts_at__gte=tomorrow(10)).count() == 1
    later = Appointment.objects.filter(pk__in=with_places.values("pk"), starts_at__gte=tomorrow(10)).annotate(
        places=KEPT
    )
    assert [row.places for row in later] == [two[later.get().pk]]


def test_it_is_asked_of_the_organization_in_force(two, south):
    assert len(Appointment.objects.annotate(places=KEPT)) == 2
    with organization_context(south):
        assert not {row.pk for row in Appointment.objects.annotate(places=KEPT)} & set(two)


def test_two_of_them_are_told_apart(two):
    given_up = Participant.objects.filter(appointment=OuterRef("pk"), is_attending=False).values("pk")
    none = KeptSubquery(ArraySubquery(given_up), Appointment, "pk")

    rows = Appointment.objects.annotate(places=KEPT, none=none, again=KEPT)
    assert [(row.places, row.none, row.again) for row in rows] == [(found, [], found) for found in two.values()]
