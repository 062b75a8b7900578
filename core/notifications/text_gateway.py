"""The way of text messages out of the house: by the organization's own account, in the form that Twilio's API has and others speak as well.

`SMS_API_BASE` names another server with the same form. There is nothing to follow in what leaves: no shortened addresses, no counting of clicks.
"""

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha1
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from django.conf import settings

from core.kernel import encrypted_columns, encryption, outside
from core.kernel.outside import Request, Unreachable
from core.notifications.failures import MailError
from core.notifications.models import NotificationSettings
from core.notifications.reasons import DeliveryReason

PURPOSE = "text message token"
MOST_LOOKED_AT = 50
CLOCKS_DIFFER = timedelta(minutes=2)
_SERVICE = re.compile(r"MG[0-9a-f]{32}")
_LOST = ("failed", "undelivered", "canceled")
_ACCOUNT_CODES = (
    20003, 20005, 21212, 21603, 21606, 21660, 21701, 21703, 21704, 21705, 30002, 30032, 30034, 30037,
)  # fmt: skip
# What error codes mean for us, when a message is refused and when it could not be delivered: https://www.twilio.com/docs/api/errors
_BY_CODE = {
    **dict.fromkeys(_ACCOUNT_CODES, DeliveryReason.TEXT_ACCOUNT),
    **dict.fromkeys((21211, 21214, 21217, 21612, 21614, 30006), DeliveryReason.TEXT_NUMBER),
    **dict.fromkeys((30004, 30007), DeliveryReason.TEXT_FILTERED),
    21408: DeliveryReason.TEXT_COUNTRY,
    21610: DeliveryReason.TEXT_STOPPED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One text message: from whom, to which number (E.164), the text, and where the provider reports."""

    sender: str
    number: str
    text: str
    report_to: str


class Gateway(Protocol):
    """Whoever carries text messages."""

    def send(self, message: TextMessage) -> str:
        """Hand it over; the provider's id of it. MailError with the reason otherwise."""

    def taken(self, message: TextMessage, *, since: datetime, but: "Known") -> str:
        """The provider's id of this message if it has been taken already, since then and as none that we know of. Empty otherwise.

        MailError where it was taken and did not arrive, or where the provider does not say.
        """


class Known(Protocol):
    """Which of these ids are those of other messages."""

    def __call__(self, ids: Collection[str]) -> Collection[str]: ...


@dataclass(frozen=True, slots=True)
class TwilioGateway:
    """`/2010-04-01/Accounts/<account>/Messages.json`."""

    account: str
    token: str
    base: str

    def send(self, message: TextMessage) -> str:
        form = {"To": message.number, "Body": message.text, "StatusCallback": message.report_to}
        form["MessagingServiceSid" if is_service_id(message.sender) else "From"] = message.sender
        said = self._asked("POST", form)
        if sid := said.get("sid"):
            return str(sid)
        raise MailError(DeliveryReason.TEXT_AWAY, permanent=False, detail="no id")

    def taken(self, message: TextMessage, *, since: datetime, but: Known) -> str:
        listed = self._asked("GET", {"To": message.number, "PageSize": str(MOST_LOOKED_AT)}).get("messages")
        if not isinstance(listed, list):  # because whoever does not know what has left would send it twice
            raise MailError(DeliveryReason.TEXT_AWAY, permanent=False, detail="no list")
        rows = [row for row in listed if isinstance(row, dict) and row.get("sid") and _is_same(row, message, since)]
        others = set(but([str(row["sid"]) for row in rows]))
        own = [row for row in rows if str(row["sid"]) not in others]
        lost = [row for row in own if row.get("status") in _LOST]
        if left := [row for row in own if row not in lost]:
            return str(left[0]["sid"])
        if lost:
            raise _loss(lost[0])
        return ""

    def _asked(self, method: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """What the account's messages answer. Nothing is followed, because that would send it elsewhere, or twice."""
        address = f"{self.base.rstrip('/')}/2010-04-01/Accounts/{quote(self.account, safe='')}/Messages.json"
        is_read = method == "GET"
        login = b64encode(f"{self.account}:{self.token}".encode()).decode()
        request = Request(
            f"{address}?{urlencode(form)}" if is_read else address,
            method=method,
            body=b"" if is_read else urlencode(form).encode(),
            headers={} if is_read else {"Content-Type": "application/x-www-form-urlencoded"},
            authorization=f"Basic {login}",
            allows_private=self.base.startswith("http://"),  # one for trials, which stands beside us
            follows=False,
        )
        try:
            answer = outside.fetch(request)
        except Unreachable as error:
            raise MailError(DeliveryReason.TEXT_AWAY, permanent=False, detail=error.trouble.value) from error
        said = _read(answer.content)
        if 200 <= answer.status < 300:
            return said
        raise _refusal(answer.status, said)


_caught: ContextVar[list[TextMessage] | None] = ContextVar("text messages that are caught, not sent", default=None)


@contextmanager
def caught() -> Iterator[list[TextMessage]]:
    """No text message leaves from here meanwhile; what would have left is in the list."""
    messages: list[TextMessage] = []
    token = _caught.set(messages)
    try:
        yield messages
    finally:
        _caught.reset(token)


def send(
    message: TextMessage,
    organization: NotificationSettings,
    *,
    was_tried_since: datetime | None,
    but: Known,
    check: Callable[[], None],
) -> str:
    """Hand it over by the organization's account; the provider's id of it.

    `was_tried_since`: an earlier attempt may have come through although nobody heard of it, so that the provider is asked first. `check` refuses
    what may not leave any more; it says nothing of what has left already.
    """
    if (messages := _caught.get()) is not None:
        messages.append(message)
        return ""
    gateway = gateway_of(organization)
    found = gateway.taken(message, since=was_tried_since, but=but) if was_tried_since else ""
    if found:
        return found
    check()
    return gateway.send(message)


def is_service_id(sender: str) -> bool:
    """Whether it is the id of a group of senders at the provider."""
    return _SERVICE.fullmatch(sender) is not None


def is_name(sender: str) -> bool:
    """Whether it is a name, which cannot be answered."""
    return bool(sender) and not sender.startswith("+") and not is_service_id(sender)


def gateway_of(organization: NotificationSettings) -> Gateway:
    """The way of this organization's messages. MailError where its key cannot be read any more."""
    return TwilioGateway(organization.text_account, token_of(organization), settings.SMS_API_BASE)


def token_of(organization: NotificationSettings) -> str:
    """The account's key, in clear."""
    try:
        return encryption.decrypt(organization.text_token, purpose=PURPOSE) if organization.text_token else ""
    except encryption.InvalidToken as error:
        raise MailError(DeliveryReason.TEXT_ACCOUNT, permanent=True) from error


def is_signed(organization: NotificationSettings, *, address: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether the provider sent this form to `address`: HMAC-SHA1 by the account's key over the address and the sorted fields."""
    token = token_of(organization)
    signed = address + "".join(f"{name}{form[name]}" for name in sorted(form))
    made = b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()
    return bool(token) and hmac.compare_digest(made.encode(), signature.encode())


def reason_of(code: str) -> DeliveryReason:
    """Why a message was not delivered, by the provider's code."""
    return _BY_CODE.get(int(code) if code.isdecimal() and len(code) < 8 else 0, DeliveryReason.TEXT_UNDELIVERED)


def _is_same(row: Mapping[str, Any], message: TextMessage, since: datetime) -> bool:
    """Whether the provider's row is this message. Providers may add words around a text, so it is looked for inside."""
    if row.get("to") != message.number or message.text not in str(row.get("body", "")):
        return False
    with suppress(TypeError, ValueError):
        return parsedate_to_datetime(str(row.get("date_created"))) >= since - CLOCKS_DIFFER
    return False


def _loss(row: Mapping[str, Any]) -> MailError:
    """That it was taken and did not arrive. Its id stands first, so that it is known when it is sent once more (`text_messages`)."""
    code = str(row.get("error_code") or "")
    detail = f"{row['sid']} {row.get('status')} {code}".strip()
    return MailError(reason_of(code), permanent=True, detail=detail[:300])


def _read(content: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _refusal(status: int, said: Mapping[str, Any]) -> MailError:
    code = said.get("code")
    detail = f"{code or status} {said.get('message', '')}".strip()[:300]
    if status == 429 or status >= 500 or status < 400:
        return MailError(DeliveryReason.TEXT_AWAY, permanent=False, detail=detail)
    known = _BY_CODE.get(code) if isinstance(code, int) else None
    usual = DeliveryReason.TEXT_ACCOUNT if status in (401, 403, 404) else DeliveryReason.TEXT_REFUSED
    return MailError(known or usual, permanent=True, detail=detail)


encrypted_columns.register(NotificationSettings, "text_token", purpose=PURPOSE)
