"""Which enquiries there are, whose they may be, and to whom they are mailed."""

from django.db.models import Count, QuerySet

from branding.queries import current_brand
from core.enquiries.models import Enquiry, EnquirySettings
from core.enquiries.permissions import enquiries_visible_to
from core.people.models import Client, User
from core.people.permissions import clients_visible_to, is_active_staff
from core.people.queries import active_owners, clients_with_address, found_by, login_by_email


def enquiry_list(user: User, *, state: str, typed: str = "") -> QuerySet[Enquiry]:
    """Those in one state, the latest first, or those of them that are found by name, address or telephone."""
    rows = enquiries_visible_to(user).filter(state=state).defer("encrypted_text")
    return found_by(typed, rows, lambda word: word.in_("search_key"))


def counts_by_state(user: User) -> dict[str, int]:
    """How many there are in each state."""
    return dict(enquiries_visible_to(user).order_by().values_list("state").annotate(Count("pk")))


def enquiries_of(client: Client, user: User) -> QuerySet[Enquiry]:
    """What somebody reads on a client's page."""
    return enquiries_visible_to(user).filter(client=client).defer("encrypted_text")


def whose_it_may_be(enquiry: Enquiry, user: User) -> list[Client]:
    """The clients to whom the address belongs, where it is none alone."""
    if enquiry.client_id is not None:
        return []
    return list(clients_visible_to(user).filter(pk__in=clients_with_address(enquiry.email).values("pk"))[:10])


def recipients() -> list[str]:
    """To which addresses enquiries are mailed: those of the settings, else the one that answers to mail go to, else the owners'.

    An address whose login works here no more is none of them.
    """
    reply_to = current_brand().reply_to
    named = EnquirySettings.current().recipients or ([reply_to] if reply_to else [])
    return [each for each in named if not _is_shut_out(each)] or [owner.user.email for owner in active_owners()]


def _is_shut_out(address: str) -> bool:
    login = login_by_email(address)
    return login is not None and not is_active_staff(login)
