"""Forms about money. They read what was typed; whether it may be done is decided by the actions."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.actions.catalogue import ServiceTerms
from billing.models import BillingSettings, Invoice, Payment, PaymentShare, Service
from billing.queries.payers import Payer
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.kernel.translation import labelled
from core.people.models import Client, User
from portal.billing.choices import BILLED
from portal.language_fields import OwnTextsMixin
from portal.person_fields import PersonField, offer


class MoneyField(forms.CharField):
    """An amount in one currency, written with a point or a comma as decimal sign; cleans to Money."""

    def __init__(self, *, currency: str = "", **options: Any) -> None:
        super().__init__(max_length=30, **options)
        self.currency = currency
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = Money.parse(text, self.currency)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        if amount.amount < 0:
            raise forms.ValidationError(_("Enter an amount that is not negative."), code="negative")
        return amount

    def prepare_value(self, value: Any) -> Any:
        return str(value.decimal) if isinstance(value, Money) else value


class DateField(forms.DateField):
    """A day, picked by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def tax_field(**options: Any) -> forms.DecimalField:
    """A tax rate in per cent."""
    return forms.DecimalField(min_value=0, max_value=Decimal("99.99"), decimal_places=2, initial=0, **options)


class ServiceForm(OwnTextsMixin, forms.Form):
    """A service and its price."""

    own_texts = ("name", "description")

    name = forms.CharField(max_length=120, label=_("Name"))
    description = forms.CharField(max_length=300, required=False, label=_("Description"))
    price = MoneyField(label=_("Price"))
    unit = forms.ChoiceField(choices=Service.Unit.choices, label=_("Charged"))
    minutes = forms.IntegerField(min_value=5, max_value=600, initial=45, label=_("Usual length in minutes"))
    tax_rate = tax_field(label=_("Tax rate in per cent"))
    is_active = forms.BooleanField(required=False, initial=True, label=_("Offered"))

    def __init__(self, *args: Any, currency: str, service: Service | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.service = service
        self.offer_languages(**({"name": service.own_name, "description": service.own_description} if service else {}))
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Price in %(currency)s") % {"currency": currency}

    def terms(self) -> ServiceTerms:
        """What was sent, as the action takes it."""
        before = self.service
        name = self.own_text("name", before.own_name if before else None)
        description = self.own_text("description", before.own_description if before else None)
        values = {key: self.cleaned_data[key] for key in ("price", "unit", "minutes", "tax_rate", "is_active")}
        texts = {"name": name.text, "other_names": name.others, "description": description.text}
        return ServiceTerms(**texts, other_descriptions=description.others, **values)


class RateForm(forms.Form):
    """One client's own price for one service."""

    client = PersonField(BILLED)
    service = forms.ModelChoiceField(Service.objects.none())
    price = MoneyField(label=_("Price"))

    def __init__(
        self,
        *args: Any,
        user: User,
        services: "QuerySet[Service]",
        currency: str,
        vocabulary: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "client", user)
        self.fields["client"].label = vocabulary.get("client").capitalize()
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["service"].label = vocabulary.get("service").capitalize()
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Price in %(currency)s") % {"currency": currency}


class SettingsForm(forms.ModelForm):
    """How the organization bills."""

    class Meta:
        model = BillingSettings
        fields = (
            "number_prefix", "credit_note_prefix", "number_by_year", "due_days", "tax_rate", "prices_include_tax", "invoice_at_completion",
            "statement_descriptor", "invoice_note",
        )  # fmt: skip
        labels = {
            "number_prefix": _("Prefix of numbers (%(invoices)s)"),
            "credit_note_prefix": _("Prefix of numbers (credit notes)"),
            "number_by_year": _("Count anew every year"),
            "due_days": _("Days until %(invoice:a|an)s %(invoice)s is due"),
            "tax_rate": _("Usual tax rate in per cent"),
            "prices_include_tax": _("Prices include tax"),
            "invoice_at_completion": _("Issue and send %(invoice:a|an)s %(invoice)s as soon as something is completed"),
            "statement_descriptor": _("Text on card statements"),
            "invoice_note": _("Note on every %(invoice)s"),
        }
        help_texts = {
            "statement_descriptor": _("5 to 22 Latin letters and digits: what %(payers)s see on their card statement."),
            "invoice_note": _("For example your bank details, or how to reach you about %(invoices)s."),
        }
        widgets = {"invoice_note": forms.Textarea(attrs={"rows": 3})}


class InvoiceForm(forms.Form):
    """The four things an invoice needs, and for whom."""

    client = PersonField(BILLED)
    description = forms.CharField(max_length=200, label=_("What for"))
    price = MoneyField(label=_("Amount"))
    tax_rate = tax_field(label=_("Tax rate in per cent"))
    due_on = DateField(label=_("Due on"))
    note = forms.CharField(max_length=1000, required=False, label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: User, currency: str, vocabulary: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "client", user)
        self.fields["client"].label = vocabulary.get("client").capitalize()
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Amount in %(currency)s") % {"currency": currency}


class PayerForm(forms.Form):
    """Who pays a draft: somebody known, or a name and an address."""

    payer = forms.ChoiceField(required=False, label=_("Who pays"))
    name = forms.CharField(max_length=150, required=False, label=_("Somebody else: name"))
    email = forms.EmailField(required=False, label=_("Mail address"))
    address = forms.CharField(required=False, label=_("Postal address"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, payers: list[Payer], invoice: Invoice, **options: Any) -> None:
        initial: dict[str, Any] = {"payer": str(invoice.payer_user_id or "")}
        if not invoice.payer_user_id:
            initial |= {"name": invoice.payer_name, "email": invoice.payer_email, "address": invoice.payer_address}
        super().__init__(*args, initial=initial, **options)
        self.payers = {str(payer.user.pk): payer for payer in payers if payer.user}
        known = [(key, f"{payer.name} ({payer.email})") for key, payer in self.payers.items()]
        self.fields["payer"].choices = [*known, ("", _("Somebody else"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("payer") and not values.get("name"):
            self.add_error("name", _("Enter who pays."))
        return values

    def chosen(self) -> Payer:
        """The payer that was chosen or typed."""
        values = self.cleaned_data
        if values["payer"]:
            return self.payers[values["payer"]]
        return Payer(kind="other", name=values["name"], email=values["email"], address=values["address"])


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = forms.CharField(max_length=200, label=_("Reason"))


class ToldReasonForm(ReasonForm):
    """Why, in words that the payer reads as well."""

    reason = forms.CharField(max_length=200, label=_("Reason"), help_text=_("The %(payer)s reads this."))


class ChargeForm(forms.Form):
    """Another amount for a charge, or none, with the reason."""

    price = MoneyField(label=_("Amount"))
    reason = forms.CharField(max_length=200, label=_("Reason"))

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Amount in %(currency)s") % {"currency": currency}


class PaymentForm(forms.Form):
    """Money that came by other ways than card."""

    price = MoneyField(label=_("Amount"))
    means = forms.ChoiceField(label=_("How"))
    received_on = DateField(label=_("Received on"))
    reference = forms.CharField(max_length=120, required=False, label=_("Reference"))

    def __init__(self, *args: Any, due: Money, today: date, **options: Any) -> None:
        super().__init__(*args, initial={"price": due, "received_on": today}, **options)
        self.fields["price"].currency = due.currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Amount in %(currency)s") % {"currency": due.currency}
        self.fields["means"].choices = [  # type: ignore[attr-defined]
            choice for choice in Payment.Means.choices if choice[0] != Payment.Means.CARD
        ]


class RefundForm(forms.Form):
    """How much of which payment goes back, what becomes of the claim, and why."""

    CREDIT, STILL_DUE = "credit", "due"

    payment = forms.ChoiceField(
        label=_("Payment"),
        error_messages={
            "invalid_choice": _("Nothing of that payment is left to give back. Look at the %(invoice)s again."),
            "required": _("Nothing is left to give back. Look at the %(invoice)s again."),
        },
    )
    price = MoneyField(label=_("Amount"))
    claim = forms.ChoiceField(
        label=_("What about the claim?"),
        choices=[
            (CREDIT, _("It goes with the money: less is owed")),
            (STILL_DUE, _("It stays: what is given back is still due")),
        ],
        widget=forms.RadioSelect,
        help_text=_("What was paid beyond the claim goes back first, and leaves it as it is."),
    )
    reason = forms.CharField(
        max_length=200, label=_("Reason"), help_text=_("Whoever paid reads this in the mail about the refund.")
    )

    def __init__(
        self, *args: Any, shares: list[PaymentShare], currency: str, has_claim: bool, language: str, **options: Any
    ) -> None:
        first = shares[0].refundable if shares else None
        super().__init__(*args, initial={"price": first}, **options)
        self.shares = {str(share.payment_id): share for share in shares}
        self.fields["payment"].choices = [  # type: ignore[attr-defined]
            (key, labelled(share.payment.words, share.refundable.format(language)))
            for key, share in self.shares.items()
        ]
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Amount in %(currency)s") % {"currency": currency}
        if not has_claim:
            del self.fields["claim"]


class CostForm(ChargeForm):
    """What one client pays for one appointment."""

    client = forms.ChoiceField()
    field_order = ("client", "price", "reason")

    def __init__(self, *args: Any, clients: list[Client], currency: str, vocabulary: Any, **options: Any) -> None:
        super().__init__(*args, currency=currency, **options)
        self.clients = {str(client.pk): client for client in clients}
        self.fields["client"].choices = [(key, client.name) for key, client in self.clients.items()]  # type: ignore[attr-defined]
        self.fields["client"].label = vocabulary.get("client").capitalize()

    def chosen(self) -> Client:
        return self.clients[self.cleaned_data["client"]]
