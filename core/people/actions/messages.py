"""The organization's own words for a message, or a branch's: written, tried, taken back, put in force again. Every version is kept (NOT-07)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from branding.models import Branch
from core.kernel import audit, limits, sent_forms
from core.kernel.errors import DomainError
from core.kernel.limits import Limit
from core.kernel.translation import translate
from core.notifications.audit_codes import NotificationsAudit
from core.notifications.messages import Message
from core.notifications.models import BranchMessageVersion, MessageVersion, OwnWords
from core.notifications.queries import version_in_force, versions_of
from core.notifications.rules.message_text import MessageText
from core.notifications.texts import check, text_in_force, text_of
from core.people import notifications
from core.people.actions.changes import checked_branch, require
from core.people.roles import Permission

TESTS = Limit("message_tests", 30, timedelta(hours=1))


@transaction.atomic
def change_message(
    message: Message,
    *,
    language: str,
    languages: list[str],
    text: MessageText,
    branch: Branch | None = None,
    by: Any,
    now: datetime,
) -> OwnWords | None:
    """Write the words for readers of `language`, one of the `languages` on offer; for one branch, or for all that have none of their own.

    Words that are in force already make no version. Errors: what the rule of message texts says, `branch_closed`.
    """
    _require_right(by, language, languages, branch)
    tidy = check(message, text)
    before = _held(message, language, branch)
    if text_in_force(message, language, branch) == tidy:
        return before
    return _add(message, language, tidy, before, NotificationsAudit.MESSAGE_CHANGED, branch=branch, by=by, now=now)


@transaction.atomic
def restore_version(
    message: Message,
    *,
    language: str,
    languages: list[str],
    number: int,
    branch: Branch | None = None,
    by: Any,
    now: datetime,
) -> OwnWords | None:
    """Put an earlier version in force again, as a new one. What it may use is checked anew. Errors `version_gone`, `branch_closed`."""
    _require_right(by, language, languages, branch)
    before = _held(message, language, branch)
    wanted = versions_of(message, language, branch).filter(number=number).first()
    if wanted is None:
        raise DomainError("version_gone", translate("There is no such version."))
    if wanted.is_standard:
        return _reset(message, language, before, branch=branch, by=by, now=now)
    tidy = check(message, text_of(wanted, message))
    if text_in_force(message, language, branch) == tidy:
        return before
    return _add(message, language, tidy, before, NotificationsAudit.MESSAGE_RESTORED, branch=branch, by=by, now=now)


@transaction.atomic
def reset_message(
    message: Message, *, language: str, branch: Branch | None = None, by: Any, now: datetime
) -> OwnWords | None:
    """Go back to the standard words, or at a branch to those of the organization; what was written stays among the versions."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    return _reset(message, language, _held(message, language, branch), branch=branch, by=by, now=now)


@transaction.atomic
def test_message(
    message: Message,
    *,
    language: str,
    languages: list[str],
    text: MessageText,
    branch: Branch | None = None,
    by: Any,
    now: datetime,
) -> None:
    """Promise whoever asks a mail with these words and made-up facts, to themselves. `TooOften` when they ask again and again."""
    _require_right(by, language, languages, branch)
    tidy = check(message, text)
    limits.count([(TESTS, str(by.pk))], now=now)
    audit.record(NotificationsAudit.MESSAGE_TESTED, by=by, subject=by, changes={"message": [None, message.key]})
    notifications.message_tested(message, language=language, text=tidy, branch=branch, by=by)


def _reset(
    message: Message, language: str, before: OwnWords | None, *, branch: Branch | None, by: Any, now: datetime
) -> OwnWords | None:
    if before is None or before.is_standard:
        return before
    return _add(message, language, None, before, NotificationsAudit.MESSAGE_RESET, branch=branch, by=by, now=now)


def _add(
    message: Message,
    language: str,
    text: MessageText | None,
    before: OwnWords | None,
    code: NotificationsAudit,
    *,
    branch: Branch | None,
    by: Any,
    now: datetime,
) -> OwnWords:
    values = {part: getattr(text, part) if text else "" for part in message.parts}
    version = MessageVersion() if branch is None else BranchMessageVersion(branch=branch)
    facts = {
        "channel": message.channel,
        "code": message.code,
        "language": language,
        "number": before.number + 1 if before else 1,
        "is_standard": text is None,
        "author_id": str(by.pk),
        "author_name": str(by)[:150],
        "created_at": now,
        **values,
    }
    for name, value in facts.items():
        setattr(version, name, value)
    version.save(force_insert=True)
    own = before if before is not None and not before.is_standard else None
    changes = {part: [getattr(own, part, None), values[part] if text else None] for part in message.parts}
    changes = {part: pair for part, pair in changes.items() if pair[0] != pair[1]}
    if branch is not None:
        changes["branch"] = [None, branch.label]
    audit.record(code, by=by, subject=version, changes={"language": [None, language], **changes})
    return version


def _held(message: Message, language: str, branch: Branch | None) -> OwnWords | None:
    """The version in force, which nobody else replaces until the end of the transaction."""
    sent_forms.one_writer_at_a_time(f"message:{message.key}:{language}:{branch.pk if branch else ''}")
    return version_in_force(message, language, branch)


def _require_right(by: Any, language: str, languages: list[str], branch: Branch | None) -> None:
    require(by.may(Permission.MANAGE_ORGANIZATION))
    checked_branch(branch)
    if language not in languages:
        raise DomainError("language_unknown", translate("Choose one of your languages."), field="language")
