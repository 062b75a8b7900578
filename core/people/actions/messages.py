"""The organization's own words for a message: written, tried, taken back, put in force again. Every version is kept (NOT-07)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from core.kernel import audit, limits, sent_forms
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import translate
from core.notifications.audit_codes import NotificationsAudit
from core.notifications.messages import Message
from core.notifications.models import MessageVersion
from core.notifications.queries import version_in_force, versions_of
from core.notifications.rules.message_text import MessageText
from core.notifications.texts import check, text_of
from core.people import notifications
from core.people.actions.changes import require
from core.people.roles import Permission

TESTS = Limit("message_tests", 30, timedelta(hours=1))


@transaction.atomic
def change_message(
    message: Message, *, language: str, languages: list[str], text: MessageText, by: Any, now: datetime
) -> MessageVersion | None:
    """Write the words for readers of `language`, one of the `languages` on offer. The rule of message texts says what is refused.

    Words that are in force already make no version.
    """
    _require_right(by, language, languages)
    tidy = check(message, text)
    before = _held(message, language)
    if text_of(before, message) == tidy:
        return before
    return _add(message, language, tidy, before, NotificationsAudit.MESSAGE_CHANGED, by=by, now=now)


@transaction.atomic
def restore_version(
    message: Message, *, language: str, languages: list[str], number: int, by: Any, now: datetime
) -> MessageVersion | None:
    """Put an earlier version in force again, as a new one. What it may use is checked anew. DomainError `version_gone`."""
    _require_right(by, language, languages)
    before = _held(message, language)
    wanted = versions_of(message, language).filter(number=number).first()
    if wanted is None:
        raise DomainError("version_gone", translate("There is no such version."))
    if wanted.is_standard:
        return _reset(message, language, before, by=by, now=now)
    tidy = check(message, text_of(wanted, message))
    if text_of(before, message) == tidy:
        return before
    return _add(message, language, tidy, before, NotificationsAudit.MESSAGE_RESTORED, by=by, now=now)


@transaction.atomic
def reset_message(message: Message, *, language: str, by: Any, now: datetime) -> MessageVersion | None:
    """Go back to the standard words; what was written stays among the versions."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    return _reset(message, language, _held(message, language), by=by, now=now)


@transaction.atomic
def test_message(
    message: Message, *, language: str, languages: list[str], text: MessageText, by: Any, now: datetime
) -> None:
    """Promise whoever asks a mail with these words and made-up facts, to themselves. `TooOften` when they ask again and again."""
    _require_right(by, language, languages)
    tidy = check(message, text)
    limits.count([(TESTS, str(by.pk))], now=now)
    audit.record(NotificationsAudit.MESSAGE_TESTED, by=by, subject=by, changes={"message": [None, message.key]})
    notifications.message_tested(message, language=language, text=tidy, by=by)


def _reset(
    message: Message, language: str, before: MessageVersion | None, *, by: Any, now: datetime
) -> MessageVersion | None:
    if before is None or before.is_standard:
        return before
    return _add(message, language, None, before, NotificationsAudit.MESSAGE_RESET, by=by, now=now)


def _add(
    message: Message,
    language: str,
    text: MessageText | None,
    before: MessageVersion | None,
    code: NotificationsAudit,
    *,
    by: Any,
    now: datetime,
) -> MessageVersion:
    values = {part: getattr(text, part) if text else "" for part in message.parts}
    version = MessageVersion.objects.create(
        channel=message.channel,
        code=message.code,
        language=language,
        number=before.number + 1 if before else 1,
        is_standard=text is None,
        author_id=str(by.pk),
        author_name=str(by)[:150],
        created_at=now,
        **values,
    )
    own = before if before is not None and not before.is_standard else None
    changes = {part: [getattr(own, part, None), values[part] if text else None] for part in message.parts}
    changes = {part: pair for part, pair in changes.items() if pair[0] != pair[1]}
    audit.record(code, by=by, subject=version, changes={"language": [None, language], **changes})
    return version


def _held(message: Message, language: str) -> MessageVersion | None:
    """The version in force, which nobody else replaces until the end of the transaction."""
    sent_forms.one_writer_at_a_time(f"message:{message.key}:{language}")
    return version_in_force(message, language)


def _require_right(by: Any, language: str, languages: list[str]) -> None:
    require(by.may(Permission.MANAGE_ORGANIZATION))
    if language not in languages:
        raise DomainError("language_unknown", translate("Choose one of your languages."), field="language")
