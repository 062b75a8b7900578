"""Online booking, open to everybody."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from core.kernel import clock
from core.people.models import Client
from core.scheduling.appointment_links import link_to
from core.scheduling.models import (
    SchedulingSettings,
)
from tests.factories.booking import (
    first_free,
    open_booking,
)
from tests.factories.scheduling import book


@pytest.fixture
def online(cast):
    return open_booking(cast)


@pytest.fixture
def link(online, cast):
    """The link in the mail of an appointment of Cleo's that she may cancel, and so move."""
    SchedulingSettings.objects.update_or_create(is_current=True, defaults={"clients_may_cancel": True})
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "cancel_appointments"])
    booked = book(cast, at=first_free(online), minutes=60, service_id=online.service.pk)
    return SimpleNamespace(path=urlsplit(link_to(booked, user=cast.cleo_login, now=clock.now())).path, booked=booked)
