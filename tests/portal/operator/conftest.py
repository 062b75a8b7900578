"""An operator, and browsers of the console."""

import threading
import time

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.test import Client as Browser

from core.kernel import clock
from tenants import context
from tenants.operators import encryption, one_time_codes
from tenants.operators.actions import sign_in
from tenants.operators.models import Operator, OrganizationUsage
from tests.factories.operators import PASSWORD, SECRET
from tests.tenants.conftest import committed, swept  # noqa: F401 because fixtures are found by name

HOST = "console.test"


@pytest.fixture
def opal(db):
    """An operator with an authenticator and ten recovery codes (`opal.codes`)."""
    with context.public_context():
        made = Operator.objects.create(
            email="opal@vendor.test",
            name="Opal Vance",
            password=make_password(PASSWORD),
            encrypted_secret=encryption.encrypt(SECRET),
            enrolled_at=clock.now(),
            created_at=clock.now(),
        )
        made.codes = sign_in.renew_recovery_codes(made)
    return made


@pytest.fixture
def stranger(db):
    """A browser on the console's host that is not signed in."""
    return Browser(headers={"host": HOST})


@pytest.fixture
def console(opal, stranger):
    """Opal's browser, signed in with both factors."""
    stranger.post("/sign-in/", {"email": opal.email, "password": PASSWORD})
    answer = stranger.post("/sign-in/code/", {"code": one_time_codes.current_code(SECRET, time.time())})
    assert answer["Location"] == "/organizations/"
    return stranger


@pytest.fixture
def served(request):
    """The product on a real port, with real commits; returns `address(host)`."""
    request.getfixturevalue("swept")
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield lambda host: f"http://{host}:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(10)
    with context.public_context():
        OrganizationUsage.objects.all().delete()
        Operator.objects.all().delete()


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format, *args):
        """Nothing: the test says what it wants."""
