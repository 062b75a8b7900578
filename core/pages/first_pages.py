"""What stands on an organization's front page as long as nobody has written it otherwise: made when it is read, in the reader's language, with the
name and words of today. Nothing of it is kept, because all of these change.
"""

from dataclasses import dataclass

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
