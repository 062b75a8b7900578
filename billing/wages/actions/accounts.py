"""Bank accounts: of somebody who earns here, by themselves or by whoever manages wages; and the organization's own."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing.wages import permissions
from billing.wages.audit_codes import WagesAudit
from billing.wages.models import IBAN, BankAccount
from billing.wages.rules import iban as rules
from core.kernel import audit, encryption
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember


@transaction.atomic
def set_account(*, practitioner: StaffMember | None, holder: str, iban: str, by: Any, now: datetime) -> BankAccount:
    """Keep where somebody's wages go to; without a practitioner, where they are paid from. Errors: `holder_missing`, `holder_unread`,
    `iban_invalid`."""
    permissions.check_sets_account(by, practitioner)
    if not holder.strip():
        raise DomainError("holder_missing", translate("Say whose account it is."), field="holder")
    if not rules.bank_text(holder, 70):
        raise DomainError(
            "holder_unread", translate("Write the name in Latin letters, as the bank has it."), field="holder"
        )
    if not rules.is_iban(iban):
        raise DomainError(
            "iban_invalid", translate("This is no IBAN. Look at it again, letter by letter."), field="iban"
        )
    known = BankAccount.objects.select_for_update().filter(practitioner=practitioner).first()
    account = known or BankAccount(practitioner=practitioner)
    before, account.holder, account.shown = account.shown, holder.strip()[:70], rules.masked(iban)
    account.encrypted_iban = encryption.encrypt(rules.compacted(iban), purpose=IBAN)
    account.changed_at, account.changed_by = now, str(by)[:200]
    account.save()
    changes = {"account": [before or None, account.shown]}
    audit.record(WagesAudit.BANK_ACCOUNT_SET, by=by, subject=practitioner or account, changes=changes)
    return account


@transaction.atomic
def remove_account(*, account: BankAccount, by: Any, now: datetime) -> None:  # noqa: ARG001 because every act is told when it is
    """Forget it."""
    permissions.check_sets_account(by, account.practitioner)
    changes = {"account": [account.shown, None]}
    audit.record(WagesAudit.BANK_ACCOUNT_REMOVED, by=by, subject=account.practitioner or account, changes=changes)
    account.delete()
