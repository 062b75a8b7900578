"""What pages say of prepayments, for readers whom a door has let through."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from billing.prepayments.models import Prepayment, ServicePrepayment, TermsModel
from billing.prepayments.rules.prepaying import Ask
from portal.billing.presenters import shown

State = Prepayment.State
TONES = {
    State.ASKED: "warning",
    State.HELD: "success",
    State.USED: "neutral",
    State.RETURNED: "neutral",
    State.RELEASED: "danger",
    State.WITHDRAWN: "neutral",
}


def prepayment_row(prepayment: Prepayment) -> dict[str, Any]:
    """One in a list, or on its page."""
    return {
        "pk": prepayment.pk,
        "client": prepayment.client.name,
        "client_pk": prepayment.client_id,
        "payer": prepayment.payer.name,
        "what": prepayment.what,
        "happens_at": prepayment.happens_at,
        "appointment": prepayment.appointment_id,
        "total": shown(prepayment.total),
        "price": shown(prepayment.price),
        "state": str(State(prepayment.state).label),
        "tone": TONES[State(prepayment.state)],
        "due_at": prepayment.due_at if prepayment.state == State.ASKED else None,
        "is_asked": prepayment.state == State.ASKED,
        "is_held": prepayment.state == State.HELD,
        "used": shown(prepayment.used) if prepayment.used_amount else "",
        "returned": shown(prepayment.returned) if prepayment.returned_amount else "",
        "invoice": prepayment.invoice,
    }


def prepayment_rows(found: Iterable[Prepayment]) -> list[dict[str, Any]]:
    return [prepayment_row(prepayment) for prepayment in found]


def rule_in_words(row: TermsModel | None) -> str:
    """“20 %”, “the whole price”: what a rule asks for."""
    if row is None:
        return _("As for everything else")
    money = row.money
    what = {
        Ask.NOTHING: str(TermsModel.Asks.NOTHING.label),
        Ask.AMOUNT: shown(money) if money else "",
        Ask.SHARE: _("%(share)s %% of the price") % {"share": row.share},
        Ask.FULL: str(TermsModel.Asks.FULL.label),
    }[Ask(row.ask)]
    if row.is_for_first_visits and row.ask != Ask.NOTHING:
        return _("%(what)s, for a first visit") % {"what": what}
    return what


def service_rows(services: Iterable[Any]) -> list[dict[str, Any]]:
    """Each service with its rule: one question for all rules."""
    services = list(services)
    own = {each.service_id: each for each in ServicePrepayment.objects.filter(service__in=services)}
    return [
        {"pk": service.pk, "name": str(service.own_name), "rule": rule_in_words(own.get(service.pk))}
        for service in services
    ]
