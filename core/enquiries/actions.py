"""An enquiry: received, answered, put away, deleted; and where enquiries go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction

from core.enquiries import notifications
from core.enquiries.audit_codes import EnquiryAudit
from core.enquiries.models import LONGEST_NAME, LONGEST_TEXT, LONGEST_TOPIC, MOST_RECIPIENTS, Enquiry, EnquirySettings
from core.enquiries.permissions import can_handle_enquiries, can_see_enquiries
from core.kernel import audit, unseen
from core.kernel.errors import DomainError, NotFound
from core.kernel.mail_addresses import NOT_DELIVERABLE, deliverable
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.kernel.typed_names import require_no_address
from core.people.actions import receive_prospect
from core.people.actions.changes import require, write_changes
from core.people.permissions import is_active_staff
from core.people.queries import login_by_email
from core.people.roles import Permission

State = Enquiry.State


@dataclass(frozen=True)
class Visitor:
    """Somebody who has written and is nobody that we know."""

    name: str
    pk: None = None
    audit_kind: str = "visitor"

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Written:
    """What a visitor has typed."""

    first_name: str
    email: str
    text: str
    last_name: str = ""
    phone: str = ""
    topic: str = ""


@transaction.atomic
def receive_enquiry(
    *,
    written: Written,
    language: str,
    time_zone: str,
    privacy_version: str,
    now: datetime,
    path_of: Callable[[Any], str],
) -> Enquiry:
    """Keep what a visitor wrote with the client whose address it is, or a new prospect, and tell everybody whom it concerns.

    `path_of`: where staff read the one with this id. Errors: `text_missing`, `text_too_long`, `name_missing`, `name_too_long`, `name_is_address`,
    `address_impossible`.
    """
    name = [unseen.one_line(each) for each in (written.first_name, written.last_name)]
    text = written.text.strip()
    _check(name, text, written.email)
    visitor = Visitor(" ".join(filter(None, name)))
    client = receive_prospect(
        email=written.email, first_name=name[0], last_name=name[1], phone=written.phone, time_zone=time_zone, by=visitor
    )
    enquiry = Enquiry(
        client=client, first_name=name[0], last_name=name[1], email=unseen.address(written.email).lower(),
        phone=unseen.one_line(written.phone), topic=unseen.one_line(written.topic)[:LONGEST_TOPIC], language=language, time_zone=time_zone,
        privacy_version=privacy_version, received_at=now,
    )  # fmt: skip
    enquiry.text = text
    enquiry.save()
    audit.record(EnquiryAudit.ENQUIRY_RECEIVED, by=visitor, subject=enquiry)
    notifications.enquiry_came(enquiry, path=path_of(enquiry.pk))
    return enquiry


def _check(name: Sequence[str], text: str, address: str) -> None:
    require_plain(*name, text)
    if not name[0]:
        raise DomainError("name_missing", translate("Write your name."), field="first_name")
    if any(len(each) > LONGEST_NAME for each in name):
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_NAME)
        raise DomainError("name_too_long", sentence, field="first_name")
    require_no_address(*name)  # because the mail that confirms greets by it, and goes to whatever address was typed
    try:
        deliverable(unseen.address(address))
    except ValueError as error:
        raise DomainError("address_impossible", translate(NOT_DELIVERABLE), field="email") from error
    if not text:
        raise DomainError("text_missing", translate("Write your message."), field="text")
    if len(text) > LONGEST_TEXT:
        sentence = translate("Write at most %(most)s characters.", most=LONGEST_TEXT)
        raise DomainError("text_too_long", sentence, field="text")


def read_enquiry(*, enquiry: Enquiry, by: Any) -> str:
    """What was written; that it was read is noted."""
    require(can_see_enquiries(by))
    audit.record(EnquiryAudit.ENQUIRY_READ, by=by, subject=enquiry)
    return enquiry.text


@transaction.atomic
def change_enquiry_state(*, enquiry: Enquiry, state: str, by: Any, now: datetime) -> Enquiry:
    """Mark it as answered, put it away, or take it up again. Who and when is kept with it; again, it is the same."""
    require(can_handle_enquiries(by))
    if state not in State.values:
        raise DomainError("state_unknown", translate("Choose new, answered or archived."), field="state")
    enquiry = _held(enquiry)
    if enquiry.state == state:
        return enquiry
    before, enquiry.state = enquiry.state, state
    is_new = state == State.NEW
    enquiry.handled_at, enquiry.handled_by = (None, "") if is_new else (now, str(by)[:200])
    enquiry.save(update_fields=["state", "handled_at", "handled_by"])
    audit.record(_CODES[state], by=by, subject=enquiry, changes={"state": [before, state]})
    return enquiry


_CODES = {
    State.NEW.value: EnquiryAudit.ENQUIRY_REOPENED,
    State.ANSWERED.value: EnquiryAudit.ENQUIRY_ANSWERED,
    State.ARCHIVED.value: EnquiryAudit.ENQUIRY_ARCHIVED,
}


@transaction.atomic
def delete_enquiry(*, enquiry: Enquiry, by: Any) -> None:
    """Delete it for good. The client stays."""
    require(can_handle_enquiries(by))
    enquiry = _held(enquiry)
    audit.record(EnquiryAudit.ENQUIRY_DELETED, by=by, subject=enquiry)
    enquiry.delete()


def _held(enquiry: Enquiry) -> Enquiry:
    """As it is now. NotFound when somebody has deleted it meanwhile."""
    found = Enquiry.objects.select_for_update().filter(pk=enquiry.pk).first()
    if found is None:
        raise NotFound(f"enquiry {enquiry.pk}")
    return found


@transaction.atomic
def change_enquiry_settings(*, recipients: Sequence[str], keep_months: int, by: Any) -> EnquirySettings:
    """Decide where enquiries go, and for how long those that are dealt with are kept. Errors: `too_many`, `not_staff`."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    addresses = list(dict.fromkeys(unseen.address(each).lower() for each in recipients))
    if len(addresses) > MOST_RECIPIENTS:
        sentence = translate("Name at most %(most)s addresses.", most=MOST_RECIPIENTS)
        raise DomainError("too_many", sentence, field="recipients")
    for address in addresses:
        login = login_by_email(address)
        if login is not None and not is_active_staff(login):
            sentence = translate("%(address)s is the address of somebody who does not work here.", address=address)
            raise DomainError("not_staff", sentence, field="recipients")
    row, _is_new = EnquirySettings.objects.select_for_update().get_or_create(is_current=True)
    changes = write_changes(row, {"recipients": addresses, "keep_months": keep_months})
    if changes:
        audit.record(EnquiryAudit.ENQUIRY_SETTINGS_CHANGED, by=by, subject=row, changes=changes)
    return row


def forget_old_enquiries(*, now: datetime) -> None:
    """Delete what was dealt with longer ago than is kept. What is new stays, however old. A nightly job."""
    before = now - relativedelta(months=EnquirySettings.current().keep_months)
    for enquiry in Enquiry.objects.filter(handled_at__lt=before).defer("encrypted_text"):
        with transaction.atomic():
            audit.record(EnquiryAudit.ENQUIRY_DELETED, by=audit.SYSTEM, subject=enquiry)
            enquiry.delete()
