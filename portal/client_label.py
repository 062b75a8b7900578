"""What the list of clients is called: for whoever works here by the organization's noun, for others by what those people are to them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.people.models import LinkedLogin, User
from core.people.permissions import relationships_of

CHILDREN = frozenset({"school"})  # vocabularies of organizations whose guardians are parents


@dataclass(frozen=True, slots=True)
class ClientsLabel:
    """As a heading, and as short as the phone's bar needs it."""

    heading: str
    short: str

    def __str__(self) -> str:
        return self.heading


def clients_label(user: User, vocabulary: Any) -> ClientsLabel:
    """Students, Your children, People you look after, Your details. One query a request for those who do not work here."""
    if user.staff is not None:
        noun = vocabulary.get("client", plural=True)
        return ClientsLabel(noun[:1].upper() + noun[1:], "")
    relationships = relationships_of(user)
    if relationships == {LinkedLogin.Relationship.SELF}:
        return ClientsLabel(_("Your details"), _("Details"))
    if relationships == {LinkedLogin.Relationship.GUARDIAN} and vocabulary.preset in CHILDREN:
        return ClientsLabel(_("Your children"), _("Children"))
    return ClientsLabel(_("People you look after"), _("People"))
