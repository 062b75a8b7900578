"""What the list of clients is called: for whoever works here by the organization's noun, for others by what those people are to them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.people.models import LinkedLogin, User

CHILDREN = frozenset({"school"})  # vocabularies of organizations whose guardians are parents


@dataclass(frozen=True, slots=True)
class ListName:
    """As a heading, and as short as the phone's bar needs it."""

    heading: str
    short: str

    def __str__(self) -> str:
        return self.heading


def list_name(user: User, vocabulary: Any) -> ListName:
    """Students, Your children, People you look after, Your details. One query a request for those who do not work here."""
    if user.staff is not None:
        noun = vocabulary.get("client", plural=True)
        return ListName(noun[:1].upper() + noun[1:], "")
    ties = _ties(user)
    if ties == {LinkedLogin.Relationship.SELF}:
        return ListName(_("Your details"), _("Details"))
    if ties == {LinkedLogin.Relationship.GUARDIAN} and vocabulary.preset in CHILDREN:
        return ListName(_("Your children"), _("Children"))
    return ListName(_("People you look after"), _("People"))


def _ties(user: User) -> set[str]:
    if "_ties" not in user.__dict__:
        user.__dict__["_ties"] = set(LinkedLogin.objects.filter(user=user).values_list("relationship", flat=True))
    return user.__dict__["_ties"]
