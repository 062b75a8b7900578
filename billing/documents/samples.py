"""An invoice of somebody made up, with a tax number that is made up too, as a picture of its page: to see what a look makes of it."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from billing.documents.contents import brand_parts, logo_file
from billing.documents.formatter import Formatter
from billing.documents.pdf import render_picture
from billing.queries import organization
from core.kernel.money import Money


def invoice_picture(formatter: Formatter, *, now: datetime) -> bytes:
    """The page as PNG, in the look and the language in force."""
    issuer, today = {**organization.issuer(), "tax_number": "00/000/00000"}, now.date()
    price = Money(9000, organization.currency())
    content = brand_parts(issuer, _("%(Invoice)s"), formatter) | {
        "heading": _("%(Invoice)s"),
        "stamp": {"text": "", "tone": ""},
        "payer": {"label": _("Billed to"), "lines": [_("Mia Example")]},
        "facts": [
            [_("Number"), "2030-0001"],
            [_("Date"), formatter.day(today)],
            [_("Due"), formatter.day(today + timedelta(days=14))],
            [_("For"), _("Kim Example")],
        ],
        "columns": [_("Description"), _("Tax"), _("Amount")],
        "lines": [
            {"what": _("Assessment"), "detail": formatter.day(today), "tax": "0 %", "amount": formatter.money(price)}
        ],
        "sums": [{"label": _("Total"), "amount": formatter.money(price), "strong": True}],
        "notes": [],
    }
    return render_picture("invoice", content, logo=logo_file(), at=now)
