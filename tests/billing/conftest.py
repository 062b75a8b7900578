"""The cast at the till, and the processor beside it."""

import pytest

from billing.actions import accounts
from billing.queries.processor import account_in_use
from tests.factories import processor as making
from tests.factories.packages import offer, sell
from tests.factories.till import make_till
from tests.local.conftest import _receiving  # noqa: F401 because it is a fixture


@pytest.fixture
def till(cast):
    return make_till(cast)


@pytest.fixture(scope="session")
def _processor(_receiving):  # noqa: F811
    with making.processor_running(_receiving) as url:
        yield url


@pytest.fixture
def processor(_processor, _receiving, settings):  # noqa: F811
    yield making.fresh(_processor, _receiving, settings)
    making.gateways.gateway.cache_clear()


@pytest.fixture
def shop(till, processor):
    """North, connected and ready for card payments."""
    accounts.connect_account(done="http://north.test/back", again="http://north.test/back", by=till.nora, now=till.now)
    till.processor, account = processor, account_in_use()
    processor.onboard(account.external_id)
    till.account = accounts.refresh_account(by=till.nora, now=till.now)
    return till


@pytest.fixture
def hook(visit):
    """Hands a webhook on to the product, on the operator host."""
    browser = visit(organization="operator")
    return lambda event: making.hand_on(browser, event)


@pytest.fixture
def ten(till):
    """Ten appointments for Cora, paid."""
    till.package = offer(by=till.nora, now=till.now)
    till.ten = sell(till.package, till.cora, by=till.nora, now=till.now)
    return till
