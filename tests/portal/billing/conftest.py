"""The processor beside the pages about money, and a link that was sent."""

import pytest
from django.urls import reverse

from billing.actions import accounts, card_links
from billing.queries.card_links import token_of
from billing.queries.processor import account_in_use
from core.kernel import clock
from tests.factories import processor as making
from tests.local.conftest import _receiving  # noqa: F401 because it is a fixture


@pytest.fixture(scope="session")
def _processor(_receiving):  # noqa: F811
    with making.processor_running(_receiving) as url:
        yield url


@pytest.fixture
def shop(till, _processor, _receiving, settings):  # noqa: F811
    """North, connected and ready for card payments; a link is sent to Gus."""
    till.processor, till.now = making.fresh(_processor, _receiving, settings), clock.now()
    accounts.connect_account(done="http://north.test/back", again="http://north.test/back", by=till.nora, now=till.now)
    till.processor.onboard(account_in_use().external_id)
    till.account = accounts.refresh_account(by=till.nora, now=till.now)
    till.link = card_links.send_card_link(client=till.cora, payer=till.gus, by=till.nora, now=till.now)
    till.url = reverse("billing:card-link", args=[token_of(till.link)])
    yield till
    making.gateways.gateway.cache_clear()
