"""Two people send files at the same moment, against a database in which both see what the other has committed."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connections, transaction

from core.files import actions, contents
from core.files.models import FileKey, FileUsage, StoredFile, Upload
from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.models import User
from tenants.context import organization_context
from tenants.entitlements import allowances
from tests.factories.committed import committed_organization
from tests.factories.files import given, use_purpose

WAIT = 30  # seconds after which a thread that the other one has to let go gives up, and the test fails


@pytest.fixture(scope="module")
def racing(django_db_setup, django_db_blocker):
    with committed_organization(slug="sending", host="sending.test", blocker=django_db_blocker) as organization:
        owner = User.objects.get(email="olive@sending.test")
        yield SimpleNamespace(organization=organization, owner=owner)


@pytest.fixture
def house(racing, monkeypatch, settings, tmp_path):
    """In force, with room for one gigabyte; empty afterwards."""
    use_purpose(monkeypatch)
    settings.MEDIA_ROOT = tmp_path
    settings.FILES_LARGEST_MEGABYTES = 900
    organization = racing.organization
    monkeypatch.setattr(organization, "known_allowances", {**allowances(organization), "storage": 1})
    with organization_context(organization):
        actions.files.keys.key_in_force()
        yield racing
        Upload.objects.all().delete()
        StoredFile.objects.all().delete()
        FileUsage.objects.all().delete()
        FileKey.objects.all().delete()


def beside(house, job):
    """The job in a thread of its own; its outcome as a future."""

    def run():
        with organization_context(house.organization):
            try:
                job()
                return "done"
            except DomainError as refusal:
                return refusal.code
            finally:
                connections.close_all()

    pool = ThreadPoolExecutor(1)
    future = pool.submit(run)
    pool.shutdown(wait=False)
    return future


def beginning(house, size=600_000_000):
    return actions.begin_upload(purpose="tested", name="a.bin", size=size, by=house.owner, now=clock.now())


def keeping(house, content=b"words"):
    return actions.keep_file(given=given(content, "a.txt"), purpose="tested", by=house.owner, now=clock.now())


@pytest.mark.slow
def test_two_that_begin_together_do_not_pass_the_limit(house):
    with transaction.atomic():
        beginning(house)
        other = beside(house, lambda: beginning(house))
        with pytest.raises(TimeoutError):
            other.result(timeout=1)  # it waits until it is known what the first one takes

    assert other.result(WAIT) == "no_room"
    assert Upload.objects.count() == 1


@pytest.mark.slow
def test_what_comes_with_a_form_counts_beside_what_is_begun(house):
    with transaction.atomic():
        beginning(house, 899_999_999)
        beginning(house, 100_000_000)
        other = beside(house, lambda: keeping(house))
        with pytest.raises(TimeoutError):
            other.result(timeout=1)

    assert other.result(WAIT) == "no_room"
    assert not StoredFile.objects.exists() and not list(contents.names_of(clock.now().date()))


@pytest.mark.slow
@pytest.mark.parametrize("how", ["in parts", "with the form"])
def test_nobody_waits_for_the_bytes_of_another_one(house, how, monkeypatch):
    under_way, go_on, stock = threading.Event(), threading.Event(), contents.store

    class Slow(io.BytesIO):
        def read(self, size=-1, /):
            under_way.set()
            assert go_on.wait(WAIT)
            return super().read(size)

    def in_parts():
        upload = beginning(house, 5)
        actions.receive_part(upload=upload, start=0, size=5, content=Slow(b"words"), by=house.owner, now=clock.now())

    def with_the_form():
        monkeypatch.setattr(contents, "store", lambda content, **more: stock(Slow(content.read()), **more))
        keeping(house)

    slow = beside(house, in_parts if how == "in parts" else with_the_form)
    assert under_way.wait(WAIT)
    monkeypatch.setattr(contents, "store", stock)
    quick = beside(house, lambda: beginning(house, 1000))
    try:
        assert quick.result(WAIT) == "done"
        assert not slow.done()
    finally:
        go_on.set()
    assert slow.result(WAIT) == "done"


@pytest.mark.slow
def test_same_part_from_two_tabs_is_taken_once(house):
    upload = beginning(house, 5)
    with transaction.atomic():
        Upload.objects.select_for_update().get(pk=upload.pk)

        def part():
            actions.receive_part(
                upload=upload, start=0, size=5, content=io.BytesIO(b"words"), by=house.owner, now=clock.now()
            )

        both = [beside(house, part), beside(house, part)]
        for each in both:
            with pytest.raises(TimeoutError):
                each.result(timeout=1)

    assert sorted(each.result(WAIT) for each in both) == ["done", "part_misplaced"]
    file = StoredFile.objects.select_related("key").get()
    assert contents.opened(file).read() == b"words"
