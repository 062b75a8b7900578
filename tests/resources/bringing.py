"""Resources that tests bring, and a colleague."""

from core.kernel import clock, outbox
from core.people.models import StaffMember, User
from core.resources import actions
from tests.factories.files import given, pdf

NASTY = "Zoë “the 1st” 李明 👩‍👧 שלום <b>&amp;"


def bring(user, content=None, name="Plan.pdf", **more):
    """A file of theirs."""
    return actions.add_file(given=given(content or pdf(2), name), by=user, now=clock.now(), **more)


def deliver():
    """What is promised is done: previews, files that go."""
    while outbox.deliver_due():
        pass


def colleague(name="Ben"):
    """Somebody else who works there."""
    login = User.objects.create_user(email=f"{name}@north.test", password="x", name=name, time_zone="Europe/Berlin")
    return StaffMember.objects.create(user=login, role="practitioner").user
