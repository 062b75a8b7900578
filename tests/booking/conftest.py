"""Online booking, open to everybody."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from billing.actions import accounts
from billing.prepayments.actions import settings as rules
from billing.prepayments.actions.settings import Waiting
from billing.prepayments.rules.prepaying import Ask, Terms
from billing.queries.processor import account_in_use
from core.kernel import clock
from core.people.models import Client
from core.scheduling.appointment_links import link_to
from core.scheduling.models import (
    SchedulingSettings,
)
from tests.factories import processor as making
from tests.factories.booking import (
    first_free,
    open_booking,
)
from tests.factories.scheduling import book
from tests.local.conftest import _receiving  # noqa: F401 because it is a fixture


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


@pytest.fixture(scope="session")
def _processor(_receiving):  # noqa: F811
    with making.processor_running(_receiving) as url:
        yield url


@pytest.fixture
def paid(online, cast, _processor, _receiving, settings):  # noqa: F811
    """A quarter of the price in advance, and cards can be charged."""
    online.processor, now = making.fresh(_processor, _receiving, settings), clock.now()
    accounts.connect_account(done="http://north.test/back", again="http://north.test/back", by=cast.nora, now=now)
    online.processor.onboard(account_in_use().external_id)
    online.account = accounts.refresh_account(by=cast.nora, now=now)
    rules.save_settings(terms=Terms(Ask.SHARE, share=25), waiting=Waiting(), by=cast.nora, now=now)
    yield online
    making.gateways.gateway.cache_clear()
