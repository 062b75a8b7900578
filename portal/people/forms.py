"""Forms about people. They check shape; rules are checked by the actions."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.translation import labelled
from core.people.models import Client, LinkedLogin, StaffMember, User
from core.people.queries import own_roles
from core.people.roles import ROLES, ClientPermission
from core.people.rules.ranks import may_handle
from portal.branch_fields import BranchField, offer_branches
from portal.language_fields import LanguageForm
from portal.people.choices import AGENTS, CHANGEABLE, CLIENTS, COLLEAGUES, PRACTITIONERS, UNASSIGNED
from portal.person_fields import PeopleField, PersonField, offer
from portal.time_zone_fields import TimeZoneField

COLOR = forms.TextInput(attrs={"type": "color"})
RELATIONSHIPS = [
    (LinkedLogin.Relationship.GUARDIAN, _("%(Guardian)s")),
    (LinkedLogin.Relationship.SELF, _("The person themselves")),
    (LinkedLogin.Relationship.PARTNER, _("Partner")),
    (LinkedLogin.Relationship.OTHER, _("Somebody else who acts for them")),
]
STATUSES = [
    (Client.Status.ACTIVE, _("Active")),
    (Client.Status.PROSPECT, _("Prospect")),
    (Client.Status.INACTIVE, _("Inactive")),
]


def day_of_birth(day: date) -> None:
    """Past, and of somebody who may be alive."""
    if not date(1900, 1, 1) <= day <= clock.now().date():
        raise forms.ValidationError(_("Enter a day between 1900 and today."), code="born_on_unlikely")


class ContactForm(forms.Form):
    """What the client's own logins may change."""

    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    time_zone = TimeZoneField(help_text=_("Reminders and invitations are written in this zone."))  # fmt: skip


class ClientForm(forms.Form):
    """A client's details."""

    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80, required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, initial=Client.Status.ACTIVE)
    born_on = forms.DateField(
        label=_("Born on"), required=False, validators=[day_of_birth], widget=forms.DateInput(attrs={"type": "date"})
    )
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(
        label=_("Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    time_zone = TimeZoneField(help_text=_("Reminders and invitations are written in this zone."))
    billing_name = forms.CharField(
        label=_("Name on %(invoices)s"), required=False, max_length=150,
        help_text=_("If %(invoices)s are made out to another name: a family, a company, an insurer."),
    )  # fmt: skip
    billing_address = forms.CharField(
        label=_("Postal address on %(invoices)s"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    branch = BranchField(help_text=_("Under its name and look they are met."))
    color = forms.RegexField(r"^#[0-9a-fA-F]{6}$", label=_("Colour in the calendar"), initial="#64748b", widget=COLOR)
    additional_information = forms.CharField(
        label=_("Additional information"), required=False, widget=forms.Textarea, max_length=10_000,
        help_text=_("Only %(staff_members)s whose role allows it can read this; never the people themselves."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_read_information: bool = True, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self, standing=self.initial.get("branch"))
        if not is_new:
            del self.fields["status"]  # because another status has a page of its own, which says what it does
        if not may_read_information:
            del self.fields["additional_information"]


class NamedUnlessExisting(forms.Form):
    """A new login needs a name; one that is here already has one."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("existing") and not values.get("name"):
            self.add_error("name", _("Enter the name of the person who signs in."))
        return values


class LoginForm(LanguageForm, NamedUnlessExisting):
    """Somebody who signs in for a client."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    relationship = forms.ChoiceField(label=_("Who is it?"), choices=RELATIONSHIPS)
    time_zone = TimeZoneField(help_text=_("Their own zone, if it differs: they read every time in it."))
    existing = forms.BooleanField(label=_("Link the login that has this address already"), required=False)


class NewClientLoginForm(LoginForm):
    """The same inside the form of a new client, where it may be left out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = False
        self.fields["time_zone"].required = False
        self.fields["time_zone"].widget.is_required = False
        self.fields["time_zone"].help_text = _("Left empty: the same as above.")

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.data.get(self.add_prefix("email")) else self.cleaned_data


class NewClientForms:
    """The form of a new client and that of their first login: checked, and refused, as one."""

    OF_THE_LOGIN = ("email", "relationship")  # fields at which the action refuses a login

    def __init__(self, *posted: Any) -> None:
        self.client = ClientForm(*posted)
        self.login = NewClientLoginForm(*posted, prefix="login")
        self._login_refused = False

    @property
    def fields(self) -> dict[str, forms.Field]:
        return {**self.login.fields, **self.client.fields}

    @property
    def errors(self) -> dict[str, Any]:
        return {**self.login.errors, **self.client.errors}

    @property
    def offers_existing_login(self) -> bool:
        """Whether to offer the login that has the address already."""
        return self._login_refused or bool(self.login.data.get("login-existing"))

    def is_valid(self) -> bool:
        return all([self.client.is_valid(), self.login.is_valid()])  # both, so that both show their errors

    def add_error(self, field: str | None, error: str) -> None:
        """Show what the action refused at the form it is about."""
        at_login = field in self.OF_THE_LOGIN
        self._login_refused = self._login_refused or field == "email"
        (self.login if at_login else self.client).add_error(field, error)


class StaffForm(forms.Form):
    """Title, telephone, colour; and the branch, for those who change others."""

    title = forms.CharField(label=_("Title"), max_length=100, required=False, help_text=_("As in “%(Practitioner)s”."))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    color = forms.RegexField(r"^#[0-9a-fA-F]{6}$", label=_("Colour in the calendar"), initial="#64748b", widget=COLOR)  # fmt: skip
    branch = BranchField(
        help_text=_("%(Clients)s without a branch of their own are met as that of the %(practitioner)s with whom they meet.")
    )  # fmt: skip

    def __init__(self, *args: Any, may_change_branch: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_change_branch:
            offer_branches(self, standing=self.initial.get("branch"))
        else:
            del self.fields["branch"]


class RoleForm(forms.Form):
    """A role, each with what it means; only those that the giver may give."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, giver: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = [
            (each.code, labelled(each.name, each.description) if each.description else each.name)
            for each in (*ROLES.values(), *own_roles())
            if may_handle(giver, each)
        ]


class InviteStaffForm(LanguageForm, RoleForm):
    """Somebody new who works here."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"))
    title = forms.CharField(label=_("Title"), max_length=100, required=False)
    time_zone = TimeZoneField(help_text=_("Their schedule is kept in this zone. They can change it."))
    existing = forms.BooleanField(label=_("Use the login that has this address already"), required=False)
    field_order = ("name", "email", "existing", "title", "time_zone", "role")


class AgentForm(LanguageForm, NamedUnlessExisting):
    """A new agent."""

    agency = forms.CharField(
        label=_("Agency"), max_length=120, required=False, help_text=_("School, insurer, authority …")
    )
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail address"))
    time_zone = TimeZoneField()
    existing = forms.BooleanField(
        label=_("Make the login that has this address already %(agent:a|an)s %(agent)s"), required=False
    )


class AgentClientsForm(forms.Form):
    """The agency, and clients who come into the agent's care."""

    agency = forms.CharField(label=_("Agency"), max_length=120, required=False)
    clients = PeopleField(CLIENTS, required=False, label=_("Put into their care"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "clients", user)


class ChangeLoginForm(forms.Form):
    """Name, address, zone of somebody's login."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Another address signs the person out, and makes open invitations worthless."),
    )
    time_zone = TimeZoneField()  # fmt: skip


def permission_choices() -> list[tuple[str, str]]:
    """Every permission of a client's logins, in the language in force."""
    return [(each.value, each.sentence) for each in ClientPermission]


class PermissionsForm(forms.Form):
    """What a client's logins may do."""

    permissions = forms.MultipleChoiceField(
        choices=permission_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Their logins may"),
    )


class BulkPermissionForm(forms.Form):
    """One permission, given or taken, for many clients."""

    permission = forms.ChoiceField(label=_("Permission"), choices=permission_choices)
    allowed = forms.TypedChoiceField(
        label=_("What to do"),
        choices=[("yes", _("Give it")), ("no", _("Take it away"))],
        coerce=lambda given: given == "yes",
    )
    everybody = forms.BooleanField(label=_("For all of them"), required=False)
    clients = PeopleField(CLIENTS, required=False, label=_("For whom"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "clients", user)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("everybody") and not values.get("clients"):
            self.add_error("clients", _("Tick at least one, or choose all."))
        return values


class ClientBranchesForm(forms.Form):
    """Several clients for one branch, or for none."""

    branch = BranchField()
    clients = PeopleField(CLIENTS, label=_("For whom"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self)
        offer(self, "clients", user)


class StaffBranchesForm(forms.Form):
    """Several colleagues for one branch, or for none."""

    branch = BranchField()
    staff = PeopleField(CHANGEABLE, label=_("For whom"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_branches(self)
        offer(self, "staff", user)


class PractitionersForm(forms.Form):
    """Practitioners to assign to a client."""

    people = PeopleField(PRACTITIONERS, label=_("Whom to assign"))
    others = PeopleField(CLIENTS, required=False, label=_("To these as well"))

    def __init__(self, *args: Any, user: User, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "people", user, client=client.pk)
        offer(self, "others", user)


class ClientsOfForm(forms.Form):
    """Clients to assign to a practitioner."""

    people = PeopleField(UNASSIGNED, label=_("Whom to assign"))
    others = PeopleField(PRACTITIONERS, required=False, label=_("To these as well"))

    def __init__(self, *args: Any, user: User, practitioner: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "people", user, staff=practitioner.pk)
        offer(self, "others", user)


class AgentChoiceForm(forms.Form):
    """An agent to put a client into the care of."""

    agent = PersonField(AGENTS, label=_("Add"), empty_label=_("Choose"))

    def __init__(self, *args: Any, user: User, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "agent", user, client=client.pk)


class HolderForm(forms.Form):
    """A colleague who is to administer a schedule."""

    holder = PersonField(COLLEAGUES, label=_("Colleague"), empty_label=_("Choose"))

    def __init__(self, *args: Any, user: User, over: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "holder", user, staff=over.pk)
