"""One new address, and several messages from it at once: real threads, real transactions."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from core.enquiries.actions import Written, receive_enquiry
from core.enquiries.models import Enquiry
from core.kernel import clock
from core.people.models import Client
from tenants.context import organization_context
from tests.factories.committed import committed_organization

THREADS = 8


@pytest.fixture(scope="module")
def written_to(django_db_setup, django_db_blocker):
    with committed_organization(slug="written", host="written.test", blocker=django_db_blocker) as organization:
        yield organization


def test_messages_of_one_address_at_once_make_one_prospect(written_to):
    start = threading.Barrier(THREADS, timeout=30)

    def send(number):
        with organization_context(written_to):
            try:
                start.wait()
                receive_enquiry(
                    written=Written("Zoë", "zoe@example.org", f"{number}"), language="en", time_zone="UTC", privacy_version="",
                    now=clock.now(), path_of=str,
                )  # fmt: skip
            finally:
                connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(send, range(THREADS)))

    with organization_context(written_to):
        [client] = Client.objects.filter(email="zoe@example.org")
        assert set(Enquiry.objects.values_list("client", flat=True)) == {client.pk}
        assert Enquiry.objects.count() == THREADS
