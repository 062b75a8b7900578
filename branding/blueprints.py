"""Where a new organization starts: colours, fonts and words for each kind of practice. An organization changes all of it later."""

from dataclasses import dataclass

from core.kernel.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A brand to start from; fonts and radii are names of `branding.rules`."""

    code: str
    name: str
    description: str
    primary_color: str
    accent_color: str
    neutral: str
    radius: str
    heading_font: str
    body_font: str
    vocabulary: str
    tagline: str

    @property
    def names_in_mail(self) -> bool:
        """Whether mail names people and services; not where that alone tells of somebody's health."""
        return self.vocabulary != "clinic"


BLUEPRINTS = {
    blueprint.code: blueprint
    for blueprint in (
        Blueprint(
            "clinic", "Clinic", "Calm teal, clear letters; clients, practitioners, appointments.",
            "#0f766e", "#c2410c", "brand", "soft", "Figtree", "Inter", "clinic", gettext_noop("Care that listens."),
        ),
        Blueprint(
            "school", "School", "Warm plum and a friendly serif; students, teachers, lessons.",
            "#7c2d6b", "#d97706", "warm", "round", "Fraunces", "Nunito", "school", gettext_noop("Learning, one lesson at a time."),
        ),
        Blueprint(
            "counselling", "Counselling", "Quiet indigo and bookish type; clients, practitioners, appointments.",
            "#4338ca", "#0e7490", "cool", "soft", "Source Serif 4", "Inter", "clinic", gettext_noop("A place to talk."),
        ),
        Blueprint(
            "tutoring", "Tutoring", "Bright blue, modern letters; students, teachers, lessons.",
            "#1d4ed8", "#16a34a", "plain", "sharp", "Plus Jakarta Sans", "Inter", "school", gettext_noop("One step ahead."),
        ),
    )
}  # fmt: skip
