"""What people answer. Rows are only added, each with what was read, by whom, for whom, when and from where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit, sent_forms
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.legal import notifications
from core.legal.audit_codes import LegalAudit
from core.legal.models import Acceptance, VersionText
from core.legal.permissions import can_manage_texts
from core.legal.queries import asks_of, latest_answers
from core.people.actions.changes import require
from core.people.models import User

_CODES = {
    Acceptance.Answer.ACCEPTED: LegalAudit.ACCEPTANCE_ACCEPTED,
    Acceptance.Answer.DECLINED: LegalAudit.ACCEPTANCE_DECLINED,
    Acceptance.Answer.WITHDRAWN: LegalAudit.ACCEPTANCE_WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: to which ask (its `key`), and whether it is a yes."""

    key: str
    is_yes: bool


@transaction.atomic
def answer_texts(*, given: Iterable[Given], by: User, now: datetime, address: str | None) -> list[Acceptance]:
    """Note answers. What the person has answered the same way already is left alone.

    Errors: `text_changed` when another version is out by now, or it is not asked of this person; `no_refusal`: only consents can be declined.
    """
    sent_forms.one_writer_at_a_time(f"legal:{by.pk}")
    asked = {ask.key: ask for ask in asks_of(by)}
    made = []
    for each in given:
        ask = asked.get(each.key)
        if ask is None:
            raise ConflictError(
                "text_changed", translate("This text has changed meanwhile. Read it as it is now, then answer.")
            )
        if not each.is_yes and not ask.text.is_consent:
            raise DomainError("no_refusal", translate("Accept it, or answer later."))
        answer = Acceptance.Answer.ACCEPTED if each.is_yes else Acceptance.Answer.DECLINED
        if ask.before and ask.before.answer == answer and ask.before.version.number == ask.text.number:
            continue
        words = VersionText.objects.get(pk=ask.text.words[ask.text.language])
        row = Acceptance(
            version_id=words.version_id, language=words.language, digest=words.digest, client=ask.client,
            client_name=ask.client.name if ask.client else "",
        )  # fmt: skip
        made.append(_add(row, answer, by=by, now=now, address=address))
    return made


@transaction.atomic
def withdraw_consent(*, acceptance: Acceptance, by: User, now: datetime, address: str | None, path: str) -> Acceptance:
    """Take a consent back; those who look after legal texts are told, with a notice that leads to `path`.

    Errors: `not_withdrawable` for what is no consent. What does not hold any more is left alone.
    """
    require(acceptance.user_id == by.pk)
    if not acceptance.version.text.is_consent:
        raise DomainError("not_withdrawable", translate("Only a consent can be withdrawn."))
    sent_forms.one_writer_at_a_time(f"legal:{by.pk}")
    latest = latest_answers(by).get((acceptance.version.text_id, acceptance.client_id))
    if latest is None or latest.answer != Acceptance.Answer.ACCEPTED:
        return acceptance
    row = Acceptance(
        version_id=latest.version_id, language=latest.language, digest=latest.digest, client=latest.client, client_name=latest.client_name,
    )  # fmt: skip
    made = _add(row, Acceptance.Answer.WITHDRAWN, by=by, now=now, address=address)
    titles = {each.language: each.title for each in VersionText.objects.filter(version=latest.version_id).defer("body")}
    notifications.consent_withdrawn(made, titles=titles, path=path)
    return made


def note_export(*, by: User, slug: str) -> None:
    """Note that the list of answers has left the house."""
    require(can_manage_texts(by))
    audit.record(LegalAudit.ACCEPTANCE_EXPORTED, by=by, changes={"text": [None, slug]})


def _add(row: Acceptance, answer: Any, *, by: User, now: datetime, address: str | None) -> Acceptance:
    row.answer, row.at, row.address = answer, now, address
    row.user, row.user_name, row.user_email = by, by.name[:150], by.email
    row.save()
    changes: dict[str, Any] = {"digest": [None, row.digest]}
    if row.client_name:
        changes["client"] = [None, row.client_name]
    audit.record(_CODES[answer], by=by, subject=row.version, changes=changes)
    return row
