"""Text messages: the organization's account, and the number that somebody gives, confirms and takes away."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from core.kernel import audit, encryption, limits, outbox, unseen
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import translate
from core.notifications import outbox_names, text_gateway
from core.notifications.channels import has_stopped
from core.notifications.models import NotificationSettings, StoppedNumber, TextNumber
from core.notifications.phone_numbers import mobile_number
from core.people.actions.changes import require, write_changes
from core.people.audit_codes import PeopleAudit
from core.people.models import User
from core.people.roles import Permission

TRIES = 5
CODES = Limit("text_codes", 5, timedelta(hours=1))  # of one login
CODES_A_DAY = Limit("text_codes.day", 10, timedelta(days=1))  # of one login, because each is paid for
CODES_TO_NUMBER = Limit("text_codes.number", 5, timedelta(hours=1))  # so that nobody's telephone is filled by us
MOST_A_DAY = 100_000
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,60}")
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}")


@transaction.atomic
def set_text_account(
    *, has_texts: bool, account: str, token: str, sender: str, texts_a_day: int, by: Any, now: datetime
) -> NotificationSettings:
    """By which account text messages leave, under which sender, and how many a day at most; an empty `token` leaves the one that is kept.

    DomainError for an account and a sender that cannot be, for a limit that is none, and where something is missing to switch it on. Another
    account needs its own key.
    """
    require(by.may(Permission.MANAGE_ORGANIZATION))
    NotificationSettings.objects.get_or_create(is_current=True)
    row = NotificationSettings.objects.select_for_update().get(is_current=True)
    account, sender, token = unseen.address(account), _sender(sender), unseen.address(token)
    if account and not _ACCOUNT.fullmatch(account):
        raise DomainError(
            "account_impossible", translate("There is no such account: copy it once more."), field="account"
        )
    if not 1 <= texts_a_day <= MOST_A_DAY:
        raise DomainError(
            "limit_impossible", translate("Give a number from 1 to %(most)s.", most=MOST_A_DAY), field="texts_a_day"
        )
    kept = row.text_token if account == row.text_account else ""
    for field, given in (("account", account), ("token", token or kept), ("sender", sender)):
        if has_texts and not given:
            raise DomainError(
                "text_account_incomplete", translate("This is needed before text messages can leave."), field=field
            )
    values: dict[str, Any] = {
        "has_texts": has_texts, "text_account": account, "text_sender": sender, "texts_a_day": texts_a_day,
        "text_token": encryption.encrypt(token, purpose=text_gateway.PURPOSE) if token else kept,
    }  # fmt: skip
    if changes := write_changes(row, values, private=("text_token",)):
        audit.record(PeopleAudit.TEXT_ACCOUNT_CHANGED, by=by, subject=row, changes=changes)
    return row


@transaction.atomic
def give_text_number(*, number: str, by: User, now: datetime) -> TextNumber:
    """Send a code to the number to which somebody wants text messages; until it is typed, nothing else goes there, and all to the one before.

    DomainError for what is no mobile number, for one that has answered STOP, and where the organization sends no text messages; `TooOften`.
    """
    organization = _organization_with_texts(by)
    found = mobile_number(number)
    _check_not_stopped(found, organization, field="number")
    limits.count([(CODES, str(by.pk)), (CODES_A_DAY, str(by.pk)), (CODES_TO_NUMBER, found)], now=now)
    code = f"{secrets.randbelow(10**6):06}"
    values = {
        "asked_number": found, "asked_at": now, "code_hash": code_hash(by, found, code), "tries_left": TRIES,
        "language": by.reads,
    }  # fmt: skip
    row, _ = TextNumber.objects.update_or_create(user_id=by.pk, defaults=values)
    audit.record(PeopleAudit.TEXT_NUMBER_GIVEN, by=by, subject=by)
    outbox.enqueue(
        outbox_names.SEND_TEXT_CODE,
        about=by,
        user=str(by.pk),
        number=found,
        code=code,
        asked_at=now.isoformat(),
        language=by.reads,
    )
    return row


def confirm_text_number(*, code: str, by: User, now: datetime) -> None:
    """Agree to text messages at the number, by the code that was sent there. A wrong one is counted, also when everything around it is rolled back.

    DomainError, all of the field `code`: `code_late`, `code_wrong`, `number_stopped`.
    """
    if not _take(unseen.address("".join(code.split())), by=by, now=now):
        raise DomainError(
            "code_wrong", translate("This is not the code. Look into the latest text message from us."), field="code"
        )


@transaction.atomic
def _take(code: str, *, by: User, now: datetime) -> bool:
    organization = _organization_with_texts(by)
    row = TextNumber.objects.select_for_update().filter(user_id=by.pk).exclude(asked_number="").first()
    if row is None or not row.awaits_code(now):
        raise DomainError(
            "code_late",
            translate("The code has run out, or was mistyped too often. Give the number again."),
            field="code",
        )
    if not constant_time_compare(row.code_hash, code_hash(by, row.asked_number, code)):
        row.tries_left -= 1
        row.save(update_fields=["tries_left"])
        return False
    _check_not_stopped(row.asked_number, organization, field="code")
    if text_gateway.is_name(organization.text_sender):  # else a STOP that comes at this moment would be undone
        StoppedNumber.objects.filter(number=row.asked_number).delete()
    row.number, row.agreed_at = row.asked_number, now
    row.asked_number, row.asked_at, row.code_hash, row.tries_left = "", None, "", 0
    row.save()
    audit.record(PeopleAudit.TEXT_NUMBER_CONFIRMED, by=by, subject=by)
    return True


@transaction.atomic
def remove_text_number(*, by: User, now: datetime) -> None:
    """No text messages any more, and the number is taken away. That it has answered STOP stays known, and the log has what was sent there."""
    if TextNumber.objects.filter(user_id=by.pk).delete()[0]:
        audit.record(PeopleAudit.TEXT_NUMBER_REMOVED, by=by, subject=by)


def code_hash(user: User, number: str, code: str) -> str:
    """As it is kept, because whoever reads the table could confirm otherwise."""
    return salted_hmac("core.people.texts", f"{user.pk}:{number}:{code}", algorithm="sha256").hexdigest()


def _sender(typed: str) -> str:
    """A number, a name or an id that begins with MG. DomainError for what networks do not take."""
    sender = unseen.one_line(typed)
    dialled = "+" + re.sub(r"[\s()./-]", "", sender[1:]) if sender.startswith("+") else " ".join(sender.split())
    if dialled and not (_SENDER.fullmatch(dialled) or text_gateway.is_service_id(dialled)):
        raise DomainError(
            "sender_impossible",
            translate("Give a number with its country code, a name of at most eleven letters and digits, or an id that begins with MG."),
            field="sender",
        )  # fmt: skip
    return dialled


def _organization_with_texts(by: User) -> NotificationSettings:
    if not by.is_active:
        raise PermissionDenied("You may not sign in.")
    organization = NotificationSettings.current()
    if not organization.has_texts:
        raise DomainError("no_texts", translate("There are no text messages here."))
    return organization


def _check_not_stopped(number: str, organization: NotificationSettings, *, field: str) -> None:
    """Whoever has answered STOP says START from there, as networks want it. Only a sender that is a name cannot be answered."""
    if has_stopped(number) and not text_gateway.is_name(organization.text_sender):
        raise DomainError(
            "number_stopped",
            translate("STOP was answered from this number. Send START from it to %(sender)s first.", sender=_called(organization)),
            field=field,
        )  # fmt: skip


def _called(organization: NotificationSettings) -> str:
    sender = organization.text_sender
    return sender if sender.startswith("+") else translate("the number that our text messages come from")
