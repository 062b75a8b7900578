"""What somebody answers to a text message: STOP holds for the number, START ends it."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Q

from core.kernel import audit, limits
from core.kernel.limits import Limit, TooOften
from core.notifications.audit_codes import NotificationsAudit
from core.notifications.models import StoppedNumber, TextAnswer, TextNumber
from core.notifications.rules.text_answers import Answer, meaning

_NUMBER, _ID = re.compile(r"\+[0-9]{5,15}"), re.compile(r"[A-Za-z0-9-]{1,64}")
REPLIES = Limit("text_replies", 6, timedelta(hours=1))  # to one number, so that two machines do not talk for ever


@transaction.atomic
def take_answer(
    *, number: str, text: str, sid: str, read_as: str = "", by: Any, now: datetime
) -> tuple[Answer, str] | None:
    """Heed what came from a number; returns what it meant and the language to reply in, or None where no reply is due.

    What has come before by the provider's id changes nothing: a signature does not say when it was made.
    """
    if not (_NUMBER.fullmatch(number) and _ID.fullmatch(sid)) or not _is_new(sid, now=now):
        return None
    answer = meaning(text, read_as=read_as)
    if answer == Answer.STOP:
        stop_number(number, by=by, now=now)
    elif answer == Answer.START:
        _start(number, by=by)
    theirs = _theirs(number).first()
    if theirs is None:
        return None
    try:
        limits.count([(REPLIES, number)], now=now)
    except TooOften:
        return None
    return answer, theirs.language


@transaction.atomic
def stop_number(number: str, *, by: Any, now: datetime) -> None:
    """No text message goes to this number any more, whoever has it."""
    if StoppedNumber.objects.get_or_create(number=number, defaults={"stopped_at": now})[1]:
        audit.record(NotificationsAudit.TEXTS_STOPPED, by=by, subject=_login_of(number))


def _start(number: str, *, by: Any) -> None:
    if StoppedNumber.objects.filter(number=number).delete()[0]:
        login = _login_of(number)
        if login is not None:
            audit.record(NotificationsAudit.TEXTS_STARTED, by=by, subject=login)


def _login_of(number: str) -> models.Model | None:
    """Whose number it is. The audit log keeps the person, and no number."""
    row = _theirs(number).first()
    return get_user_model().objects.filter(pk=row.user_id).first() if row is not None else None


def _is_new(sid: str, *, now: datetime) -> bool:
    return TextAnswer.objects.get_or_create(sid=sid, defaults={"received_at": now})[1]


def _theirs(number: str) -> Any:
    return TextNumber.objects.filter(Q(number=number) | Q(asked_number=number)).order_by("pk")
