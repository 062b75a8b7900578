"""Who is told of an enquiry: by mail those who answer it and the visitor, by a notice whoever sees all clients."""

from branding.speaking import place
from core.enquiries import outbox_names
from core.enquiries.messages import ENQUIRY_CAME
from core.enquiries.models import Enquiry
from core.enquiries.queries import recipients
from core.kernel import outbox
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.people.permissions import staff_with
from core.people.roles import Permission


def enquiry_came(enquiry: Enquiry, *, path: str) -> None:
    """Promise the mails and the notices; these are as many as people work here, for whom no visitor waits. `path`: where staff read it."""
    facts = {"about": enquiry, "enquiry": str(enquiry.pk), "path": path}
    for address in recipients():
        outbox.enqueue(outbox_names.FORWARD_ENQUIRY, address=address, **facts, **place())
    outbox.enqueue(outbox_names.CONFIRM_ENQUIRY, **facts, **place())
    outbox.enqueue(outbox_names.POST_ENQUIRY_NOTICES, **facts)


def post_notices(enquiry: Enquiry, *, path: str) -> None:
    """Tell whoever sees all clients, behind the bell."""
    for member in staff_with(Permission.SEE_ALL_CLIENTS).filter(user__is_active=True):
        with in_language_of(member.user):
            notices.post(ENQUIRY_CAME, user_id=member.user_id, path=path, person=enquiry.name, topic=enquiry.topic)
