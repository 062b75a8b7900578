"""The public cards of those who work in the demo: written by themselves, released by the owner; one waits, one hides."""

from datetime import datetime, timedelta
from typing import Any

from billing.models import Service
from core.pages.actions import keep_picture
from core.people.models import StaffMember, User
from core.team.actions import write_card
from deploy.local.seed.pictures import portrait
from deploy.local.seed.practices import Practice

_ABOUT = {
    "en": "I listen first. What we do then depends on what you want to say, to whom, and how soon.",
    "de": "Zuerst höre ich zu. Was wir dann tun, hängt davon ab, was Sie sagen wollen, wem und wie bald.",
    "es": "Primero escucho. Lo que hacemos después depende de lo que usted quiere lograr, y para cuándo.",
    "fr": "D’abord, j’écoute. Ce que nous faisons ensuite dépend de ce que vous voulez, et pour quand.",
}


def fill_team(practice: Practice, staff: dict[str, StaffMember], *, by: User, now: datetime) -> None:
    """Practitioners have cards: the last one's waits to be released."""
    offered = [
        str(pk) for pk in Service.objects.filter(is_active=True).order_by("name").values_list("pk", flat=True)[:3]
    ]
    members = [member for member in staff.values() if member.role == "practitioner"]
    for number, member in enumerate(members):
        is_last = number == len(members) - 1
        values: dict[str, Any] = {
            "name": member.user.name,
            "titles": dict.fromkeys(practice.languages[:1], member.title),
            "texts": {language: _ABOUT[language] for language in practice.languages},
            "languages": list(practice.languages[: 1 + number % len(practice.languages)]),
            "services": offered,
            "photo": str(keep_picture(upload=portrait(member.color, seed=member.user.name), by=by).pk),
            "is_wanted": True,
        }
        path = f"/people/staff/{member.pk}/card/"
        write_card(
            staff=member, by=member.user if is_last else by, now=now - timedelta(days=12 - number), path=path, **values
        )
