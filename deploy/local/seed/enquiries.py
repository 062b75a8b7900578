"""What visitors of the demo's websites have written: new, answered, put away; one of them by somebody who is known."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation

from core.enquiries.actions import Written, change_enquiry_settings, change_enquiry_state, receive_enquiry
from core.people.models import Client, User
from deploy.local.seed.practices import Practice
from portal.legal_links import privacy_notice

# Who, address, about, what, in which language, how many hours ago, and what became of it.
_ENQUIRIES = {
    "harbour": (
        ("Zoë", "Walsh", "zoe.walsh@example.org", "A first appointment", "Do you have a place for my daughter? She is six, and speaks at "
         "home but never at school.\n\nTuesdays suit us best.", "en", 5, ""),
        ("Jürgen", "Groß", "j.gross@example.org", "Schulen und Kindergärten", "Wir suchen jemanden, der unserem Kollegium einen Nachmittag "
         "lang zeigt, worauf wir achten können. Machen Sie so etwas?", "de", 29, ""),
        ("李", "明", "li.ming@example.org", "Something else", "Is there parking near the practice? 谢谢 👍", "en", 50, "answered"),
        ("Best", "Offers", "offers@example.net", "", "We put your practice on the first page of every search.", "en", 75, "archived"),
    ),
    "cadenza": (
        ("Maya", "Ortiz", "maya.ortiz@example.org", "A trial lesson", "My son is seven and sings all day. Which instrument would you begin "
         "with?", "en", 3, ""),
        ("Lucía", "Fernández", "lucia.f@example.org", "Una clase de prueba", "¿Hay clases de guitarra los sábados por la mañana?", "es", 26,
         "answered"),
    ),
}  # fmt: skip


def fill_enquiries(practice: Practice, *, by: User, now: datetime) -> None:
    """Through the product's own action, as if each had come by the form."""
    change_enquiry_settings(recipients=[f"office@{practice.slug}.example"], keep_months=12, by=by)
    known = Client.objects.filter(status=Client.Status.ACTIVE).exclude(email="").order_by("sort_key").first()
    for first, last, email, topic, text, language, hours, state in _ENQUIRIES[practice.slug]:
        _receive(
            Written(first, email, text, last, "", topic), language, now - timedelta(hours=hours), state, practice, by
        )
    if known is not None:
        again = Written(known.first_name, known.email, "May I bring my mother next time?", known.last_name)
        _receive(again, practice.languages[0], now - timedelta(hours=8), "", practice, by)


def _receive(written: Written, language: str, at: datetime, state: str, practice: Practice, by: User) -> None:
    notice: Any = privacy_notice()
    with translation.override(language):
        enquiry = receive_enquiry(
            written=written, language=language, time_zone=practice.time_zone, privacy_version=notice["version"] if notice else "", now=at,
            path_of=lambda pk: reverse("enquiries:enquiry", args=[pk]),
        )  # fmt: skip
    if state:
        change_enquiry_state(enquiry=enquiry, state=state, by=by, now=at + timedelta(hours=2))
