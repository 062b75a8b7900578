"""Differences as the report shows them: what each is, and what to do."""

from typing import Any

from billing.reconciliation.models import Difference
from billing.reconciliation.rules.comparison import Kind, Subject
from core.kernel.translation import gettext_noop, translate
from portal.billing.presenters import shown

_AMOUNTS = (
    gettext_noop("The amounts differ."),
    gettext_noop("Look at it at the payment service, and take its side over or correct it here."),
)
_CURRENCIES = (gettext_noop("The currencies differ."), gettext_noop("Ask us: this cannot happen by itself."))
TEXTS: dict[tuple[Subject, Kind], tuple[str, str]] = {
    (Subject.PAYMENT, Kind.MISSING_HERE): (
        gettext_noop("A card payment came in that is not in your books."),
        gettext_noop(
            "One that was begun here is taken over. One that was made at the payment service is noted by hand on its %(invoice)s."
        ),
    ),
    (Subject.PAYMENT, Kind.MISSING_THERE): (
        gettext_noop("Your books have a card payment that the payment service does not know."),
        gettext_noop("Look for it there by its number. If it never came in, ask us before you change anything."),
    ),
    (Subject.PAYMENT, Kind.AMOUNT): _AMOUNTS,
    (Subject.REFUND, Kind.MISSING_HERE): (
        gettext_noop("Money was given back that is not in your books."),
        gettext_noop("Take it over. It is then not owed any more; where it still is, bill it again."),
    ),
    (Subject.REFUND, Kind.MISSING_THERE): (
        gettext_noop("Your books have a refund that the payment service did not make, or that came back."),
        gettext_noop("Take it over, and give the money back in another way."),
    ),
    (Subject.REFUND, Kind.AMOUNT): _AMOUNTS,
    (Subject.DISPUTE, Kind.MISSING_HERE): (
        gettext_noop("A bank has taken money back that is not in your books."),
        gettext_noop("Take it over, then answer the dispute."),
    ),
    (Subject.DISPUTE, Kind.MISSING_THERE): (
        gettext_noop("Your books have money as taken back by a bank that is there again."),
        gettext_noop("Take it over: its news did not come."),
    ),
    (Subject.DISPUTE, Kind.AMOUNT): _AMOUNTS,
    (Subject.MOVEMENT, Kind.MISSING_HERE): (
        gettext_noop("Money moved at the payment service that belongs to no payment."),
        gettext_noop(
            "Look at it there: a correction of the payment service, for example. It belongs in your accounts, on no %(invoice)s."
        ),
    ),
    (Subject.LEDGER, Kind.AMOUNT): (
        gettext_noop("The rows of a payment are not what it brought."),
        gettext_noop("Ask us: this cannot happen by itself."),
    ),
    (Subject.INVOICE, Kind.AMOUNT): (
        gettext_noop("The sums of %(invoice:a|an)s %(invoice)s are not those of its rows."),
        gettext_noop("Ask us: this cannot happen by itself."),
    ),
}


def row(difference: Difference) -> dict[str, Any]:
    """One difference with the sentences for it."""
    subject, kind = Subject(difference.subject), Kind(difference.kind)
    what, advice = TEXTS.get((subject, kind), _CURRENCIES if kind == Kind.CURRENCY else _AMOUNTS)
    return {
        "pk": difference.pk,
        "what": translate(what),
        "advice": translate(advice),
        "key": "" if subject in (Subject.LEDGER, Subject.INVOICE) else difference.key,
        "words": difference.words,
        "ours": shown(difference.ours) if difference.ours is not None else "–",
        "theirs": shown(difference.theirs) if difference.theirs is not None else "–",
        "payment": difference.payment,
        "invoice": difference.invoice,
        "can_take_over": difference.can_be_taken_over,
        "is_taken_over": difference.taken_over_at is not None,
        "taken_over_by": difference.taken_over_by,
    }
