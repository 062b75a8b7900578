"""The index of due work: no wake-up is lost, and writers of one organization do not wait for each other. With real threads and commits."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from tenants import context, due_work, outbox_delivery
from tenants.models import DueWork
from tests.database import organization as find
from tests.tenants import promises


def in_thread(act: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_writers_of_one_organization_do_not_wait_for_each_other(swept):
    south = find("south")
    promised, release = threading.Event(), threading.Event()

    def hold() -> None:
        with context.organization_context(south), transaction.atomic():
            outbox.enqueue("tests.nothing")
            promised.set()
            release.wait(10)

    holder = in_thread(hold)
    try:
        assert promised.wait(10)
        with context.organization_context(south), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            outbox.enqueue("tests.nothing")
    finally:
        release.set()
        holder.join()
        promises.forget_messages(south)


def is_noted() -> bool:
    with context.public_context():
        return DueWork.objects.exists()


def test_no_promise_is_forgotten_while_writers_and_workers_race(swept):
    organizations = [find("north"), find("south")]
    promises.kept.clear()
    writers_done = threading.Event()
    wanted: set[tuple[str, str]] = set()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(25):
            organization, mark = chance.choice(organizations), promises.mark()
            with context.organization_context(organization), transaction.atomic():
                outbox.enqueue("tests.nothing", mark=mark)
                time.sleep(chance.random() * 0.01)  # a worker may look between the insert and the commit
            wanted.add((organization.schema_name, mark))

    def work() -> None:
        while not writers_done.is_set():
            outbox_delivery.deliver_all()

    workers = [in_thread(work) for _ in range(2)]
    writers = [in_thread(lambda seed=seed: write(seed)) for seed in range(6)]
    for writer in writers:
        writer.join()
    writers_done.set()
    for worker in workers:
        worker.join()
    ends = time.monotonic() + 30
    while time.monotonic() < ends and (outbox_delivery.deliver_all() or is_noted()):
        time.sleep(0.02)  # what was in another worker's hand is looked at again after a moment (IN_HAND)

    try:
        assert len(promises.kept) == 150
        assert set(promises.kept) == wanted
        with context.public_context():
            assert DueWork.objects.count() == 0
    finally:
        promises.forget_messages(*organizations)


def test_promise_of_a_dead_worker_is_looked_at_when_its_lease_ends(db, south):
    with context.organization_context(south):
        outbox.enqueue("tests.nothing")
        leased = outbox._lease_one()
    [due] = due_work.due_now()

    assert outbox_delivery.deliver_for(due) == 0

    with context.public_context():
        assert list(DueWork.objects.values_list("due_at", flat=True)) == [leased.leased_until]


def test_turn_is_short_so_that_nobody_waits_for_the_busiest(db, north, south):
    for organization, number in ((north, outbox_delivery.MOST_PER_TURN + 5), (south, 1)):
        with context.organization_context(organization):
            for _ in range(number):
                outbox.enqueue("tests.nothing")
    promises.kept.clear()

    assert outbox_delivery.deliver_all() == outbox_delivery.MOST_PER_TURN + 1
    assert outbox_delivery.deliver_all() == 5
    assert [schema for schema, _ in promises.kept].index(south.schema_name) == outbox_delivery.MOST_PER_TURN


def test_broken_promise_is_tried_again_and_does_not_stop_the_next(db, south, caplog):
    promises.kept.clear()
    with context.organization_context(south):
        outbox.enqueue("tests.broken")
        outbox.enqueue("tests.nothing")

    assert outbox_delivery.deliver_all() == 2
    assert len(promises.kept) == 1
    with context.organization_context(south):
        assert OutboxMessage.objects.get(name="tests.broken").due_at > clock.now()
    with context.public_context():
        assert DueWork.objects.get().due_at > clock.now()


def test_future_promise_costs_nothing_until_it_is_due(db, south, django_assert_num_queries):
    with context.organization_context(south):
        outbox.enqueue("tests.nothing", due_at=clock.now() + timedelta(hours=1))

    with context.public_context(), django_assert_num_queries(2):
        assert outbox_delivery.deliver_all() == 0


def test_sweep_mends_an_index_that_lost_its_rows(db, south):
    with context.organization_context(south):
        outbox.enqueue("tests.nothing")
    with context.public_context():
        DueWork.objects.all().delete()
        DueWork.objects.create(schema_name="t_gone000000", due_at=clock.now())

    due_work.sweep()

    with context.public_context():
        assert list(DueWork.objects.values_list("schema_name", flat=True)) == [south.schema_name]
    assert outbox_delivery.deliver_all() == 1
