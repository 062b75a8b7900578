"""Places in groups, and who waits for one."""

from core.booking.actions import save_bookable_service
from core.kernel import clock, outbox
from core.scheduling.actions import cancel_appointment
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Participant
from tests.factories.waiting_list import wait


def make_group(cast, online):
    online.bookable.places = 3
    save_bookable_service(online.bookable, by=cast.nora)


def wait_for_place(cast, online, client=None, **changes):
    return wait(cast, client, service=ServiceChosen("First talk", online.service.pk), **changes)


def deliver():
    while outbox.deliver_due():
        pass


def give_up(cast, group, name="Ann"):
    place = Participant.objects.get(appointment=group, client__first_name=name)
    cancel_appointment(group, participant=place, party="practice", by=cast.tess, now=clock.now())
    deliver()


def attending(group):
    return Participant.objects.filter(appointment=group, is_attending=True)
