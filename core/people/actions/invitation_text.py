"""The organization's own words for the mail that invites."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate
from core.notifications.rules.own_text import OwnText, checked
from core.people.actions.changes import require
from core.people.audit_codes import PeopleAudit
from core.people.models import InvitationText
from core.people.roles import Permission
from core.people.rules.invitation_text import EXAMPLES, MAY_BE_EMPTY


@transaction.atomic
def change_invitation_text(
    *, language: str, languages: list[str], subject: str, body: str, by: Any, now: datetime
) -> InvitationText:
    """Write the text for readers of `language`, one of the `languages` on offer. The rule of own texts says what is refused."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    if language not in languages:
        raise DomainError("language_unknown", translate("Choose one of your languages."), field="language")
    require_plain(subject, body)
    text = checked(OwnText(subject, body), EXAMPLES, MAY_BE_EMPTY)
    before = InvitationText.objects.select_for_update().filter(language=language).first()
    values = {"subject": text.subject, "body": text.body}
    changes = {name: [getattr(before, name, None), value] for name, value in values.items()}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if before is not None and not changes:
        return before
    saved, _ = InvitationText.objects.update_or_create(language=language, defaults={**values, "changed_at": now})
    audit.record(PeopleAudit.INVITATION_TEXT_CHANGED, by=by, subject=saved, changes=changes)
    return saved


@transaction.atomic
def reset_invitation_text(*, language: str, by: Any, now: datetime) -> bool:
    """Go back to the standard text; returns whether there was another."""
    require(by.may(Permission.MANAGE_ORGANIZATION))
    own = InvitationText.objects.select_for_update().filter(language=language).first()
    if own is None:
        return False
    audit.record(
        PeopleAudit.INVITATION_TEXT_RESET,
        by=by,
        subject=own,
        changes={"subject": [own.subject, None], "body": [own.body, None]},
    )
    own.delete()
    return True
