"""Workers that are killed at any moment: every reminder arrives, and what arrives twice is recognisable as the same message.

A worker may die between the mail server's “yes” and its own mark; then the mail leaves again, under the Message-ID that it had. `make test-hard`
runs it as large as it is meant: 2,000 reminders, three workers, twenty kills.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.db import connection, transaction

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.notifications.models import Notice
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.scheduling import outbox_names
from core.scheduling.models import Appointment, Participant, SchedulingSettings
from core.scheduling.rules.reminders import DAY
from tests.factories.committed import committed_organization
from tests.factories.mail_domain import platform_mail

GROUP = 20  # people in one appointment
LEASE = 1.0  # seconds, so that a killed worker's promise is not waited for too long
MOST_SECONDS = 1500
PROGRAM = f"""
import django; django.setup()
from datetime import timedelta
from core.kernel import outbox
from django.core.management import call_command
outbox.LEASE = timedelta(seconds={LEASE})
call_command("run_outbox")
"""


@pytest.mark.timeout(2400)
@pytest.mark.parametrize(
    ("reminders", "workers", "kills"),
    [pytest.param(40, 2, 3, id="small"), pytest.param(2000, 3, 20, id="whole", marks=pytest.mark.hard)],
)
def test_no_reminder_is_lost_or_sent_under_two_ids(django_db_setup, django_db_blocker, reminders, workers, kills):
    with ExitStack() as stack:
        post = stack.enter_context(platform_mail())
        stack.enter_context(committed_organization(slug="killed", host="killed.test", blocker=django_db_blocker))
        addresses = due_reminders(reminders)
        running = [stack.enter_context(started(post)) for _ in range(workers)]
        killed = 0
        chance, until = random.Random(7), time.monotonic() + MOST_SECONDS
        while (left := waiting()) and time.monotonic() < until:
            time.sleep(chance.uniform(0.2, 1.5))
            # Some near the beginning, some in the middle, some near the end.
            if killed < kills and len(post.kept) > killed * reminders / (kills + 1) * 0.8:
                victim = chance.randrange(workers)
                running[victim].kill()
                running[victim].wait()
                killed += 1
                running[victim] = stack.enter_context(started(post))
        ids = Counter()
        to = {}
        for mail in post.kept:
            message = message_from_bytes(mail.raw, policy=policy.default)
            if "Reminder" in message["Subject"]:
                ids[message["Message-ID"]] += 1
                to.setdefault(mail.sent_to[0], set()).add(message["Message-ID"])

        assert (left, killed) == (0, kills)
        assert set(to) == addresses  # none lost
        assert {len(known) for known in to.values()} == {1} and len(ids) == reminders  # none under two ids
        assert Notice.objects.filter(kind="appointment_reminder").count() == reminders
        assert not OutboxMessage.objects.filter(state__in=["dead", "waiting"]).exists()
        print(f"{reminders} reminders, {killed} kills, {sum(ids.values()) - len(ids)} recognisable repeats")


def due_reminders(number: int) -> set[str]:
    """So many logins, each with one client, in groups that begin tomorrow; their reminders are due now. Returns the addresses."""
    settings_row, _ = SchedulingSettings.objects.get_or_create(is_current=True)
    SchedulingSettings.objects.filter(pk=settings_row.pk).update(
        reminder_minutes=[DAY], schedule_reminder_minutes=[], quiet_begins=None, quiet_ends=None
    )
    now, zone = clock.now(), "Europe/Berlin"
    with transaction.atomic():
        users = User.objects.bulk_create(
            User(email=f"u{n}@killed.test", name=f"U{n}", time_zone=zone, password="!") for n in range(number)
        )
        clients = Client.objects.bulk_create(Client(first_name=f"C{n}", time_zone=zone) for n in range(number))
        LinkedLogin.objects.bulk_create(
            LinkedLogin(user=user, client=client, relationship="self")
            for user, client in zip(users, clients, strict=True)
        )
        for first in range(0, number, GROUP):
            login = User.objects.create(email=f"p{first}@killed.test", name=f"P{first}", time_zone=zone)
            starts_at = now + timedelta(hours=23)
            appointment = Appointment.objects.create(
                practitioner=StaffMember.objects.create(user=login, role="practitioner"), starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=50), time_zone=zone, service_name="Therapy", booked_at=now,
            )  # fmt: skip
            Participant.objects.bulk_create(
                Participant(
                    appointment=appointment, client=client, starts_at=appointment.starts_at, ends_at=appointment.ends_at
                )
                for client in clients[first : first + GROUP]
            )
            outbox.enqueue(
                outbox_names.REMIND_PEOPLE, about=appointment, appointment=str(appointment.pk),
                starts_at=appointment.starts_at.isoformat(), minutes=DAY,
            )  # fmt: skip
    return {user.email for user in users}


def waiting() -> int:
    return OutboxMessage.objects.filter(state="waiting").count()


class started:  # noqa: N801 because it is used as a function
    """A worker, killed at the end if it still runs."""

    def __init__(self, post):
        database = settings.DATABASES["default"]
        port = f"&port={database['PORT']}" if database["PORT"] else ""
        name = connection.settings_dict["NAME"]
        address = f"postgresql://{database['USER']}:{database['PASSWORD']}@/{name}?host={database['HOST']}{port}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "deploy.settings.base",
            "DATABASE_URL": address,
            "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
        }
        self.process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", PROGRAM], env=environment)

    def __enter__(self):
        return self.process

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
