"""What stands on an organization's front page as long as nobody has written it otherwise: made when it is read, in the reader's language, with the
name and words of today. Nothing of it is kept, because all of these change.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from branding.queries import current_brand, term
from core.kernel.translation import translate


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first words of the front page."""

    headline: str
    introduction: str


def greeting() -> Greeting:
    brand = current_brand()
    introduction = translate(
        "%(name)s works with you in person and online. You find your %(nouns)s here, each in your own time zone.",
        name=brand.name,
        nouns=term("appointment", plural=True),
    )
    return Greeting(headline=brand.tagline or brand.name, introduction=introduction)


def home_title() -> str:
    return translate("Home")


def home_sections() -> list[dict[str, Any]]:
    """What stands on the front page as long as nobody has written it: a greeting, and what people can expect."""
    words = greeting()
    hero = {"heading": words.headline, "text": words.introduction, "button": translate("Sign in"), "target": "sign-in"}
    return [
        {"id": "hero", "type": "hero", "value": hero},
        {"id": "points", "type": "points", "value": {"heading": "", "items": _reasons()}},
    ]


def _reasons() -> list[dict[str, Any]]:
    times = f"{capfirst(term('appointment', plural=True))} {translate('in your own time zone, with reminders and a calendar file.')}"
    reasons = (
        ("calendar-check", translate("Times that fit"), times),
        (
            "video",
            translate("Meet from anywhere"),
            translate("Video in the browser: nothing to install, on a phone too."),
        ),
        (
            "shield-check",
            translate("Private by design"),
            translate("Encrypted calls and a waiting room: nobody comes in who was not let in."),
        ),
    )
    return [
        {"id": icon, "type": "item", "value": {"icon": icon, "title": title, "text": text}}
        for icon, title, text in reasons
    ]
