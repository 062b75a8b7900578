"""Forms about packages. They read what was typed; whether it may be done is decided by the actions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from billing.packages import wording
from billing.packages.actions import changes, use
from billing.packages.actions.catalogue import PackageTerms
from billing.packages.models import Package, PackageSettings, Purchase
from billing.packages.rules.package_terms import Period, Validity, checked_units
from billing.packages.rules.unit_use import HOUR, ONE, Unit
from core.kernel.errors import DomainError
from core.kernel.money import Money, minor_digits
from core.people.models import User
from portal.billing.choices import BILLED, PAID_BY_THE_SAME
from portal.billing.forms import DateField, MoneyField, tax_field
from portal.billing.presenters import shown
from portal.language_fields import OwnTextsMixin
from portal.person_fields import PersonField, offer


def counted(units: int | None, unit: str, currency: str) -> Decimal | None:
    """Units as people count them: 10 appointments, 2.5 hours, 500.00."""
    if units is None:
        return None
    size = {Unit.APPOINTMENT: ONE, Unit.HOUR: HOUR, Unit.MONEY: 10 ** minor_digits(currency)}[Unit(unit)]
    found = Decimal(units) / size
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize()


class PackageForm(OwnTextsMixin, forms.Form):
    """A package on offer."""

    own_texts = ("name",)

    name = forms.CharField(max_length=120, label=_("Name"))
    unit = forms.ChoiceField(label=_("It counts"))
    units = forms.DecimalField(max_digits=12, decimal_places=3, label=_("How much is in it"))
    price = MoneyField(label=_("Price"))
    tax_rate = tax_field(label=_("Tax rate in per cent"))
    valid_count = forms.IntegerField(
        min_value=1, max_value=3650, required=False, label=_("Valid for"), help_text=_("Empty: without end.")
    )
    valid_period = forms.ChoiceField(choices=Package.Counted.choices, label=_("Days or months"))
    weekly_limit = forms.DecimalField(
        max_digits=12, decimal_places=3, required=False, label=_("At most in a week"), help_text=_("Empty: no limit.")
    )
    covers_all = forms.BooleanField(required=False, label=_("For everything that is offered"))
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Only for")
    )
    is_online = forms.BooleanField(
        required=False, label=_("%(Payers)s can buy it themselves"), help_text=_("Else it is sold by you only.")
    )
    is_active = forms.BooleanField(required=False, initial=True, label=_("On sale"))

    def __init__(
        self, *args: Any, currency: str, services: "QuerySet[Service]", package: Package | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.package, self.currency = package, currency
        self.offer_languages(**({"name": package.own_name} if package else {}))
        self.fields["unit"].choices = Package.Counts.choices  # type: ignore[attr-defined]
        self.fields["services"].queryset = services  # type: ignore[attr-defined]
        self.fields["price"].currency = currency  # type: ignore[attr-defined]
        self.fields["price"].label = _("Price in %(currency)s") % {"currency": currency}

    def terms(self) -> PackageTerms:
        """What was sent, as the action takes it."""
        values = self.cleaned_data
        name = self.own_text("name", self.package.own_name if self.package else None)
        return PackageTerms(
            name=name.text,
            other_names=name.others,
            price=values["price"],
            unit=Unit(values["unit"]),
            units=values["units"],
            weekly_limit=values["weekly_limit"],
            validity=Validity(values["valid_count"], Period(values["valid_period"])),
            tax_rate=values["tax_rate"],
            services=None if values["covers_all"] else list(values["services"]),
            is_online=values["is_online"],
            is_active=values["is_active"],
        )


class PackageSettingsForm(forms.Form):
    """How packages work here."""

    usable_when = forms.ChoiceField(
        choices=PackageSettings.Usable.choices, widget=forms.RadioSelect, label=_("A package can be used")
    )
    notice_days = forms.IntegerField(
        min_value=0, max_value=365, label=_("Days before the end when the %(payer)s is told"),
        help_text=_("Only while something is left."),
    )  # fmt: skip


class SaleForm(forms.Form):
    """Which package, for whom."""

    client = PersonField(BILLED)
    package = forms.ChoiceField(label=_("Package"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, user: User, packages: list[Package], vocabulary: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "client", user)
        self.fields["client"].label = vocabulary.get("client").capitalize()
        _offer_packages(self, packages)


class BuyForm(forms.Form):
    """Which package; a choice names the price that was read, so that no other is paid."""

    package = forms.ChoiceField(label=_("Package"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, packages: list[Package], **options: Any) -> None:
        super().__init__(*args, **options)
        _offer_packages(self, packages)


def _offer_packages(form: Any, packages: list[Package]) -> None:
    field = form.fields["package"]
    form.packages = {choice_of(package): package for package in packages}
    field.choices = [(key, sale_label(package)) for key, package in form.packages.items()]
    field.error_messages["invalid_choice"] = _("This package has changed, or is not on sale any more. Choose again.")
    if len(packages) == 1:
        field.initial = next(iter(form.packages))


def choice_of(package: Package) -> str:
    """Which package at which price with what in it."""
    return f"{package.pk}:{package.units}:{package.amount}:{package.currency}"


def sale_label(package: Package) -> str:
    """“10 at once: 10 sessions, €450.00”."""
    return f"{package.own_name}: {wording.contents(package)}, {shown(package.price)}"


class FreezeForm(forms.Form):
    """From when to when, both days included."""

    first = DateField(label=_("First day"))
    last = DateField(label=_("Last day"))
    reason = forms.CharField(max_length=200, label=_("Reason"))

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, initial={"first": today, "last": today + timedelta(days=13)}, **options)
        self.fields["first"].widget.attrs["min"] = today.isoformat()
        self.fields["last"].widget.attrs["min"] = today.isoformat()


class TransferForm(forms.Form):
    """To whom, and how much."""

    client = PersonField(PAID_BY_THE_SAME)
    units = forms.DecimalField(max_digits=12, decimal_places=3, label=_("How much"))
    reason = forms.CharField(max_length=200, label=_("Reason"))

    def __init__(self, *args: Any, purchase: Purchase, left: int, user: User, vocabulary: Any, **options: Any) -> None:
        initial = {"units": counted(left, purchase.unit, purchase.currency)}
        super().__init__(*args, initial=initial, **options)
        self.purchase, self.left = purchase, left
        offer(self, "client", user, purchase=purchase.pk)
        self.fields["client"].label = vocabulary.get("client").capitalize()

    def clean_units(self) -> int:
        """In hundredths, minutes or minor units; all that is left may be half an appointment."""
        typed: Decimal = self.cleaned_data["units"]
        if typed == counted(self.left, self.purchase.unit, self.purchase.currency):
            return self.left
        try:
            return checked_units(typed, self.purchase.counts, self.purchase.currency)
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class PackageRefundForm(forms.Form):
    """What is left, and how its worth goes back."""

    how = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    reason = forms.CharField(max_length=200, label=_("Reason"), help_text=_("The %(payer)s reads this."))

    def __init__(self, *args: Any, amount: Money, is_due: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        back, credit = (
            (changes.MONEY, _("Give %(amount)s back to where it was paid from") % {"amount": shown(amount)}),
            (changes.CREDIT, _("Keep %(amount)s as credit on the account") % {"amount": shown(amount)}),
        )
        nothing = (changes.NOTHING, _("Only take the units out: it is settled otherwise"))
        self.fields["how"].choices = [nothing] if is_due or not amount else [back, credit, nothing]  # type: ignore[attr-defined]
        self.fields["how"].initial = nothing[0] if is_due or not amount else back[0]


class UnitsBackForm(forms.Form):
    """What then becomes of the charge, and why."""

    then = forms.ChoiceField(
        label=_("And then"),
        choices=[(use.CHARGE, _("Charge the amount instead")), (use.WAIVE, _("Charge nothing"))],
        widget=forms.RadioSelect,
        initial=use.CHARGE,
    )
    reason = forms.CharField(max_length=200, label=_("Reason"))
