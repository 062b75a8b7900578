"""Documents: what they say, in whose name, tagged, and without the name of any program."""

from datetime import UTC, datetime

import pytest

from billing.actions import invoices, manual_payments
from billing.actions.invoices import Item
from billing.documents import Formatter, invoice_file, receipt_file
from billing.models import Invoice
from branding.models import Brand
from core.kernel.money import Money
from tests.billing.pdf_text import BERLIN, read
from tests.factories.till import issue


def test_invoice_says_who_what_how_much_and_until_when(till):
    invoice = invoices.draft_invoice(
        client=till.cora,
        items=[
            Item("Assessment", Money(10000, "EUR"), tax_rate=invoices.Decimal(19)),
            Item("Report", Money(5000, "EUR")),
        ],
        by=till.nora,
        now=till.now,
    )
    invoice = invoices.issue_invoice(invoice=invoice, by=till.nora, now=till.now)

    text, _ = read(invoice_file(invoice, BERLIN))

    for words in ("North Practice", "INV-2026-0001", "Gus North", "Cora Winter", "Assessment", "Report", "€100.00",
                  "19 %", "€19.00", "€169.00", "4 December 2026"):  # fmt: skip
        assert words in text, words


def test_document_is_tagged_titled_and_names_no_program(till):
    pdf = invoice_file(issue(till), BERLIN)

    text, reader = read(pdf)

    assert reader.metadata.title == "Invoice INV-2026-0001 · North Practice"
    assert (reader.metadata.author, reader.metadata.creator.strip()) == ("North Practice", "Documents")
    assert reader.metadata.producer is None
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("en")
    everything = pdf.lower() + (text + str(reader.xmp_metadata.rdf_root.toxml())).lower().encode()
    for word in (b"typst", b"colonnade", b"south"):
        assert word not in everything


def test_document_is_written_in_the_readers_language_numbers_and_zone(till):
    invoice = issue(till, amount=123456)
    payment = manual_payments.record_payment(
        invoice=invoice, amount=invoice.total, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )

    german, _ = read(invoice_file(Invoice.objects.get(pk=invoice.pk), Formatter("de", "Europe/Berlin")))
    spanish, _ = read(receipt_file(payment, Formatter("es", "America/Bogota")))

    assert "1.234,56 €" in german.replace("\xa0", " ") and "20. November 2026" in german
    assert "20 de noviembre de 2026" in spanish


def test_what_people_typed_is_printed_and_never_run(till):
    evil = '#read("/etc/passwd") $x$ *b* @ref <l> = Heading \\'
    invoice = invoices.draft_invoice(
        client=till.cora, items=[Item(evil, Money(1, "EUR"))], note=evil, by=till.nora, now=till.now
    )

    text, _ = read(invoice_file(invoices.issue_invoice(invoice=invoice, by=till.nora, now=till.now), BERLIN))

    assert text.count('#read("/etc/passwd")') == 2 and "root:" not in text


def test_issuer_stays_as_it_was_on_the_day_of_issue(till):
    invoice = issue(till)
    Brand.objects.update(name="Renamed Practice")

    text, _ = read(invoice_file(Invoice.objects.get(pk=invoice.pk), BERLIN))

    assert "North Practice" in text and "Renamed" not in text


@pytest.mark.parametrize("state", ["void", "draft"])
def test_state_is_stamped(till, state):
    invoice = issue(till)
    if state == "void":
        invoice = invoices.cancel_invoice(invoice=invoice, reason="typo", by=till.nora, now=till.now)
    else:
        invoice = invoices.draft_invoice(
            client=till.cora, items=[Item("x", Money(1, "EUR"))], by=till.nora, now=datetime(2026, 11, 20, tzinfo=UTC)
        )

    text, _ = read(invoice_file(invoice, BERLIN))

    assert state.title() in text
    assert "Pay online" not in text
