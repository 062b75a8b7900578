"""Reasons are facts: whoever clicked in whichever language, each reader has the sentence in their own."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import translation

from billing.actions import catalogue, charges, invoices, manual_payments, refunds
from billing.gateways.base import RefundResult
from billing.models import Charge, LedgerEntry
from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.people.models import User
from tenants.context import as_database_owner
from tests.factories.till import ended, issue

LANGUAGES = ["en", "de", "es", "fr"]
FIRST_LANGUAGES = ["en", "de", "es"]  # those that were offered when sentences were stored


@pytest.fixture(autouse=True)
def offered(till):
    change_brand(current_brand(), by=till.nora, languages=LANGUAGES)


def charged_in(language, till, **more) -> Charge:
    with translation.override(language):
        return charges.charge_appointment(ended=ended(till, till.cora, **more), by=till.nora, now=till.now)


def said(charge, language) -> str:
    with translation.override(language):
        return Charge.objects.get(pk=charge.pk).reason_sentence


def test_reason_of_a_charge_made_in_german_is_read_in_english_and_spanish(till):
    charge = charged_in("de", till, share=Decimal(50), completion="Late")

    assert said(charge, "en") == "50 % of the price of Speech therapy because of “Late”."
    assert said(charge, "de") == "50 % von: Preis für Speech therapy, wegen „Late“."
    assert said(charge, "es") == "50 % de: precio de Speech therapy, por «Late»."


def test_audit_of_a_charge_is_read_in_the_readers_language_as_well(till):
    charged_in("de", till)

    noted = AuditEvent.objects.get(action="charge.made")
    with translation.override("en"):
        assert noted.reason_sentence == "the price of Speech therapy."


def test_persons_own_words_stay_as_they_were_written(till):
    charge = charged_in("de", till)
    with translation.override("de"):
        charges.change_charge(charge=charge, price=Money(7000, "EUR"), reason="Familie", by=till.nora, now=till.now)
    assert said(charge, "en") == "Familie (before: €80.00)"
    assert said(charge, "de") == "Familie (vorher: 80,00\u00a0€)"

    with translation.override("es"):
        charges.waive_charge(charge=charge, reason="Kulanz", by=till.nora, now=till.now)
    assert said(charge, "de") == "Erlassen: Kulanz"


def test_pages_of_readers_in_four_languages_say_why_in_each(till, visit):
    charged_in("de", till)
    shown = {}
    for language in LANGUAGES:
        User.objects.filter(pk=till.nora.pk).update(language=language)
        shown[language] = visit(User.objects.get(pk=till.nora.pk)).get(reverse("billing:charges")).content.decode()

    assert "The price of Speech therapy." in shown["en"]
    assert "Preis für Speech therapy." in shown["de"]
    assert "Precio de Speech therapy." in shown["es"]
    assert "Prix de Speech therapy." in shown["fr"]


def test_refund_made_elsewhere_is_told_in_the_payers_language(till):
    User.objects.filter(pk=till.gus.pk).update(language="es")
    invoice = issue(till)
    payment = manual_payments.record_payment(
        invoice=invoice, amount=invoice.total, means="transfer", received_on=till.now.date(), by=till.nora, now=till.now
    )
    outbox.deliver_due()
    mail.outbox.clear()
    made = RefundResult("re_1", "succeeded", invoice.total)
    with translation.override("de"):
        refunds.apply_refund(payment=payment, result=made, now=till.now)
    outbox.deliver_due()

    (told,) = mail.outbox
    assert "Hecho en el servicio de pagos" in told.body and "Transferencia" in told.body
    assert {entry.reason_code for entry in LedgerEntry.objects.filter(refund__isnull=False)} == {
        "refund.made_elsewhere"
    }


def test_issued_invoice_is_in_the_payers_language_and_stays_so(till):
    User.objects.filter(pk=till.gus.pk).update(language="de")
    charges.override_cost(
        appointment_id=ended(till, till.cora).appointment_id,
        client=till.cora,
        price=Money(2000, "EUR"),
        reason="trial",
        by=till.nora,
        now=till.now,
    )
    charge = charged_in("es", till, service_id=None)
    assert charge.description == ""
    with translation.override("es"):
        invoice = invoices.invoice_charges(charges=[Charge.objects.get(pk=charge.pk)], by=till.nora, now=till.now)

    line = invoice.lines.get()
    assert (line.description, line.detail) == ("Termin", "20.11.2026, Tess North")
    User.objects.filter(pk=till.gus.pk).update(language="en")
    assert invoice.lines.get().description == "Termin"


# What was stored as sentences ---------------------------------------------------------------------------------------
STORED = import_module("billing.migrations.0007_sentences_to_codes")


def run(step) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # because these rows are of the same transaction, as none are in a migration
    with as_database_owner(), connection.schema_editor() as editor:
        step(apps, editor)


def amounts_as_texts(rows) -> None:
    """As they stood in those sentences, in every language."""
    for row in rows:
        row.reason_values = {
            name: f"{value['money'] / 100:.2f} {value['currency']}"
            if isinstance(value, dict) and "money" in value
            else value
            for name, value in row.reason_values.items()
        }
        row.save()


def as_stored_before(language, rows) -> None:
    """Rewrite codes as the sentences that stood in their place, in this language."""
    with translation.override(language):
        for row in rows:
            row.reason, row.reason_code, row.reason_values = row.reason_sentence, "", {}
            row.save()


@pytest.mark.parametrize("language", FIRST_LANGUAGES)
def test_sentences_of_every_language_become_codes_again(till, language):
    catalogue.set_rate(client=till.cora, service=till.hourly, price=Money(5000, "EUR"), by=till.nora, now=till.now)
    made = [
        charged_in("en", till, number=1),
        charged_in("en", till, number=2, share=Decimal(50)),
        charged_in("en", till, number=3, share=Decimal(50), completion="Late"),
        charged_in("en", till, number=4, service_id=till.hourly.pk),
        charged_in("en", till, number=5),
        charged_in("en", till, number=6),
    ]
    charges.change_charge(charge=made[4], price=Money(1, "EUR"), reason="sibling", by=till.nora, now=till.now)
    charges.waive_charge(charge=made[5], reason="goodwill", by=till.nora, now=till.now)
    amounts_as_texts(Charge.objects.all())
    before = {charge.pk: (charge.reason_code, said(charge, "en")) for charge in Charge.objects.all()}
    as_stored_before(language, Charge.objects.all())
    assert not Charge.objects.exclude(reason_code="").exists()

    run(STORED.to_codes)

    assert {charge.pk: (charge.reason_code, said(charge, "en")) for charge in Charge.objects.all()} == before


def test_own_words_are_left_and_the_ledger_is_closed_again(till):
    invoice = issue(till)
    invoices.cancel_invoice(invoice=invoice, reason="Made at the payment service", by=till.nora, now=till.now)

    run(STORED.to_codes)

    entry = LedgerEntry.objects.get(kind="voided")
    assert (entry.reason, entry.reason_code) == ("Made at the payment service", "")
    with pytest.raises(Exception, match="append-only"), as_database_owner():
        LedgerEntry.objects.filter(pk=entry.pk).update(reason="other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_way_back_writes_english_sentences(till, language):
    charge = charged_in(language, till, share=Decimal(50), completion="Late")

    run(STORED.to_text)

    charge.refresh_from_db()
    assert (charge.reason, charge.reason_code) == ("50 % of the price of Speech therapy because of “Late”.", "")
