"""Documents print what people are called, in every script; what they cannot print they say."""

import io
import re
from collections import Counter

import pytest
from django.utils import translation
from pypdf import PdfReader

from billing.actions import catalogue, invoices, manual_payments
from billing.actions.invoices import Item
from billing.documents import Formatter, invoice_file, receipt_file
from billing.documents.contents import invoice_content
from billing.documents.pdf import TEMPLATES, render_pdf, with_letters
from branding.actions import change_brand
from branding.models import Brand
from branding.rules.contrast import INTERFACE, TEXT, contrast
from core.kernel.money import Money
from core.people.models import Client
from tests.billing.pdf_text import BERLIN, read
from tests.factories.till import issue

NAMES = {
    "Chinese": "张伟", "Chinese, traditional": "陳怡君", "Japanese": "さくら山田", "Korean": "김민준", "Arabic": "محمد", "Hebrew": "שרה",
    "Thai": "สมชาย", "Devanagari": "प्रिया", "Tamil": "தமிழ்", "Ethiopic": "አበበ", "Georgian": "ქეთი", "Armenian": "Հայկ",
    "Cyrillic": "Юлия", "Greek": "Ελένη", "Vietnamese": "Nguyễn Thị Ánh", "Polish": "Łukasz Żółć", "emoji": "😀", "signs": "✓ ☎ → ½ ₹",
}  # fmt: skip
SIGN = "\N{REPLACEMENT CHARACTER}"
SENTENCE = "cannot be printed here"


def printed(pdf: bytes) -> str:
    return read(pdf)[0]


def without_spaces(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_every_document_prints_names_of_every_script(till, name):
    """The organization's name and address, the client's, the payer's, the line's, the note's: in the invoice and in the receipt."""
    change_brand(Brand.objects.get(), name=f"{name} Practice", address=f"{name} 1\n10115 Berlin", by=till.nora)
    Client.objects.filter(pk=till.cora.pk).update(first_name=name, last_name="Winter")
    draft = invoices.draft_invoice(
        client=Client.objects.get(pk=till.cora.pk),
        items=[Item(f"{name} session", Money(8000, "EUR"))],
        note=f"Note {name}",
        by=till.nora,
        now=till.now,
    )
    invoices.Invoice.objects.filter(pk=draft.pk).update(payer_name=f"{name} Payer", payer_address=f"{name} 2")
    draft.refresh_from_db()
    invoice = invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now)
    payment = manual_payments.record_payment(
        invoice=invoice, amount=invoice.total, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )

    for file in (invoice_file(invoice, BERLIN), receipt_file(payment, BERLIN)):
        text = printed(file)
        assert SIGN not in text and SENTENCE not in text
        assert "€80.00" in text
        if name in (NAMES["Chinese"], NAMES["Korean"], NAMES["Cyrillic"], NAMES["Greek"], NAMES["Polish"]):
            assert without_spaces(text).count(without_spaces(name)) >= 4


def test_line_of_a_service_with_emoji_is_printed(till):
    service = catalogue.save_service(
        terms=catalogue.ServiceTerms(name="Play 🧸 group", price=Money(8000, "EUR")), by=till.nora, now=till.now
    )

    assert "Play" in printed(invoice_file(issue(till, note=service.name), BERLIN))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ann\ue000 \U000f0001", f"Ann{SIGN}"), ("half \ud83d pair", f"half {SIGN}"), ("𒀀", SIGN), ("\u0378", SIGN),
    ],
)  # fmt: skip
def test_what_no_font_has_is_shown_as_a_sign_and_said(till, typed, shown):
    content = invoice_content(issue(till), BERLIN)
    content["payer"]["lines"] = [typed]

    found, _ = with_letters(content)

    assert found["payer"]["lines"][0].startswith(shown)
    assert SENTENCE in found["notes"][-1] and found["notes"].count(found["notes"][-1]) == 1


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("bell\x07 tab\tend", "bell tabend"), ("𝓝𝓸𝓻𝓪", "Nora"), ("e\u0301", "é"), ("\u202egnikcab", "gnikcab"), ("a\u3000b\u2003c", "a b c"),
    ],
)  # fmt: skip
def test_what_can_be_written_plainly_is(till, typed, shown):
    content = invoice_content(issue(till), BERLIN)
    content["payer"]["lines"] = [typed]

    found, _ = with_letters(content)

    assert without_spaces(found["payer"]["lines"][0]) == without_spaces(shown)
    assert SENTENCE not in "".join(found["notes"])


@pytest.mark.parametrize(
    "text",
    [
        "a\u0323\u0302\u0331",
        "\u064b\u20e3\ufe0f\u200d",
        "👨\u200d👩\u200d👧🇩🇪👍🏽",
        "x\u0e31y\u093fz",
        "\u0000\ufeff\u2028",
    ],
)
def test_no_text_at_all_stops_a_document(till, text):
    assert invoice_file(issue(till, note=text.replace("\0", "\x01")), BERLIN).startswith(b"%PDF")


@pytest.mark.parametrize(("word", "lines"), [("W" * 200, 4), ("漢" * 200, 4), ("a" * 100 + "-" + "b" * 99, 3)])
@pytest.mark.parametrize("place", ["lines", "payer", "issuer", "facts", "notes", "tax"])
def test_long_words_go_on_in_the_next_line(till, word, lines, place):
    invoice = issue(till)
    content = invoice_content(invoice, BERLIN)
    if place in ("lines", "tax"):
        content["lines"] = [{"what": word, "detail": "", "tax": word if place == "tax" else "19 %", "amount": "€80.00"}]
    else:
        parts = {
            "payer": {"label": "To", "lines": [word]},
            "issuer": {"name": word, "lines": [word]},
            "facts": [["For", word]],
            "notes": [word],
        }
        content[place] = parts[place]

    template = "receipt" if place == "tax" else "invoice"
    heights = heights_of(word, render_pdf(template, content, logo=None, at=invoice.issued_at))

    assert len(heights) >= lines


def heights_of(word: str, pdf: bytes) -> set[int]:
    """The heights on the page at which many letters of the word stand."""
    found: Counter[int] = Counter()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: found.update(
                [round(cm[5] + tm[5])] * sum(letter in word for letter in text)
            )
        )
    return {height for height, letters in found.items() if letters > 8}


@pytest.mark.parametrize("primary", ["#fff6a3", "#ffffff", "#000000", "#ff00ff", "#00ff00", "#777777"])
def test_document_of_any_palette_can_be_read(till, primary):
    change_brand(Brand.objects.get(), primary_color=primary, by=till.nora)
    colours = invoice_content(issue(till), BERLIN)["colours"]

    for name in ("accent", "text", "muted", "success", "danger"):
        assert contrast(colours[name], "#ffffff") >= TEXT, name
    assert contrast(colours["muted"], colours["soft"]) >= TEXT
    assert contrast(colours["edge"], "#ffffff") >= INTERFACE


def test_templates_of_documents_name_no_colour():
    assert not [path.name for path in TEMPLATES.glob("*.typ") if re.search(r'rgb\("|#[0-9a-f]{6}\b', path.read_text())]


def test_reader_of_any_language_is_told(till):
    with translation.override("de"):
        assert SENTENCE not in invoice_content(issue(till), Formatter("de", "Europe/Berlin"))["replaced"]
