"""To which branch an offer and a place on the waiting list belong: of who waits, else of who would meet them."""

from uuid import UUID

from branding.speaking import common, register
from core.people.branches import branch_of_meeting
from core.waiting_list.models import WaitingEntry, WaitingOffer


def _of_offer(offer: WaitingOffer, user_id: str) -> UUID | None:
    return branch_of_meeting([offer.entry.client], offer.practitioner, user_id)


def _of_entry(entry: WaitingEntry, user_id: str) -> UUID | None:
    """As what is offered now, where something is: a mail and the appointment that comes of it are of one branch."""
    offer = entry.offers.filter(state=WaitingOffer.State.OPEN).select_related("practitioner").first()
    if offer is not None:
        return branch_of_meeting([entry.client], offer.practitioner, user_id)
    wished = common(person.branch_id for person in entry.practitioners.all())
    return branch_of_meeting([entry.client], None, user_id) or wished


def register_waiting() -> None:
    """Let mail, push and notices ask. At start-up."""
    register("waiting_list.waitingentry", _of_entry)
    register("waiting_list.waitingoffer", _of_offer)
