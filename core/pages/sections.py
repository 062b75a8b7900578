"""What a public page is made of: the kinds of sections, as Wagtail's blocks. A form is made of the same fields (`portal/pages/section_forms.py`).

Texts are plain; rich text is HTML that was cleaned when it was written. A picture is the id of a `SitePicture`, an address is written as
`core.pages.addresses` reads it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.fields import StreamField

TEXT = _("Text")
SHORT, LONG = 120, 600
MOST_ITEMS = 12
LONGEST_TOPIC = 80
MOST_SECTIONS = 30
ICONS = {
    "calendar-check": _("Calendar"), "video": _("Video"), "shield-check": _("Shield"), "heart-handshake": _("Hands"),
    "users": _("People"), "star": _("Star"), "map-pin": _("Place"), "clock": _("Clock"), "message-circle": _("Conversation"),
    "music": _("Music"), "graduation-cap": _("School"), "wallet": _("Money"),
}  # fmt: skip


class RichTextBlock(blocks.TextBlock):
    """HTML of a few elements (`core.pages.rich_text`)."""


class PictureBlock(blocks.CharBlock):
    """The id of a picture that was uploaded."""


class TargetBlock(blocks.CharBlock):
    """Where a button leads."""


def _heading(*, required: bool = False) -> blocks.CharBlock:
    return blocks.CharBlock(label=_("Heading"), max_length=SHORT, required=required)


def _text(label: Any = TEXT, *, required: bool = False) -> blocks.TextBlock:
    return blocks.TextBlock(label=label, max_length=LONG, required=required, rows=3)


class Section(blocks.StructBlock):
    """The base: `about` says what it is for, `icon_name` shows it in lists."""

    about: Any = ""
    icon_name = "square"


class PicturedSection(Section):
    """With a picture, which says in words what is on it."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned.get("picture") and not cleaned.get("alt"):
            raise blocks.StructBlockValidationError(
                {"alt": ValidationError(_("Say in a few words what the picture shows, for people who do not see it."))}
            )
        return cleaned


class ButtonMixin(blocks.StructBlock):
    """With a button: its words and where it leads, both or neither."""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned.get("button")) != bool(cleaned.get("target")):
            missing = "target" if cleaned.get("button") else "button"
            error = ValidationError(_("A button needs its words and where it leads."))
            raise blocks.StructBlockValidationError({missing: error})
        return cleaned


class HeroSection(ButtonMixin, PicturedSection):
    heading = _heading(required=True)
    text = _text(_("Introduction"))
    picture = PictureBlock(label=_("Picture"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=SHORT, required=False)
    button = blocks.CharBlock(label=_("Button"), max_length=40, required=False)
    target = TargetBlock(label=_("The button leads to"), required=False, max_length=300)
    about, icon_name = _("The first words of a page, large, with a picture and a button"), "sparkles"

    class Meta:
        label = _("Opening")


class TextSection(PicturedSection):
    heading = _heading()
    body = RichTextBlock(label=_("Text"), max_length=20_000)
    picture = PictureBlock(label=_("Picture beside it"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=SHORT, required=False)
    side = blocks.ChoiceBlock(
        label=_("The picture stands"), choices=[("end", _("after the text")), ("start", _("before the text"))], default="end"
    )  # fmt: skip
    about, icon_name = _("Paragraphs with headings, lists and links; a picture beside them"), "type"

    class Meta:
        label = _("Text")


class PictureSection(PicturedSection):
    picture = PictureBlock(label=_("Picture"))
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=SHORT)
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)
    about, icon_name = _("One picture, as wide as the page"), "image"

    class Meta:
        label = _("Picture")


class PointsSection(Section):
    heading = _heading()
    items = blocks.ListBlock(
        blocks.StructBlock([
            ("icon", blocks.ChoiceBlock(label=_("Icon"), choices=list(ICONS.items()), default="star")),
            ("title", blocks.CharBlock(label=_("Title"), max_length=SHORT)),
            ("text", _text()),
        ]),
        label=_("Point"), min_num=1, max_num=MOST_ITEMS,
    )  # fmt: skip
    about, icon_name = _("A few reasons beside one another, each with an icon"), "list-checks"

    class Meta:
        label = _("Points")


class ServicesSection(Section):
    heading = _heading()
    text = _text(_("Introduction"))
    prices = blocks.BooleanBlock(
        label=_("Show prices"), required=False, help_text=_("What you offer is read from your %(services)s, always as it is today.")
    )  # fmt: skip
    about, icon_name = _("What you offer, with or without prices"), "tag"

    class Meta:
        label = _("%(Services)s")


class ArticlesSection(Section):
    heading = _heading()
    about, icon_name = _("The pages below this one, the newest first"), "library"

    class Meta:
        label = _("Articles")


class ContactSection(Section):
    """`topics`: one a line, of which a visitor chooses one."""

    heading = _heading()
    text = _text(_("Introduction"))
    hours = _text(_("Opening hours"))
    form = blocks.BooleanBlock(
        label=_("A form for messages"), required=False,
        help_text=_("What visitors write stands under Enquiries, and goes by mail to whom you name in the settings."),
    )  # fmt: skip
    topics = blocks.TextBlock(
        label=_("What a message can be about"), max_length=LONG, required=False, rows=3,
        help_text=_("One topic a line, of which visitors choose one. Without any, nobody is asked."),
    )  # fmt: skip
    about, icon_name = _("Your address, telephone number and hours, and a form for messages"), "map-pin"

    class Meta:
        label = _("Contact")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if any(len(topic) > LONGEST_TOPIC for topic in topics_of(cleaned)):
            error = ValidationError(_("Write at most %(most)s characters a line.") % {"most": LONGEST_TOPIC})
            raise blocks.StructBlockValidationError({"topics": error})
        return cleaned


def topics_of(value: Any) -> list[str]:
    """What a message can be about, by the value of a contact section."""
    return list(dict.fromkeys(filter(None, map(str.strip, str(value.get("topics") or "").splitlines()))))[:MOST_ITEMS]


class TeamSection(Section):
    heading = _heading()
    text = _text(_("Introduction"))
    about, icon_name = _("Those who work here and have a public card, each with a page"), "users"

    class Meta:
        label = _("%(Staff_members)s")


class QuoteSection(Section):
    text = _text(_("Quotation"), required=True)
    who = blocks.CharBlock(label=_("Who said it"), max_length=SHORT, required=False)
    about, icon_name = _("What somebody says of you"), "message-square"

    class Meta:
        label = _("Quotation")


class QuestionsSection(Section):
    heading = _heading()
    items = blocks.ListBlock(
        blocks.StructBlock([
            ("question", blocks.CharBlock(label=_("Question"), max_length=200)),
            ("answer", blocks.TextBlock(label=_("Answer"), max_length=2000, rows=3)),
        ]),
        label=_("Question"), min_num=1, max_num=MOST_ITEMS,
    )  # fmt: skip
    about, icon_name = _("Questions that open to show their answers"), "circle-help"

    class Meta:
        label = _("Questions")


class ActionSection(ButtonMixin, Section):
    heading = _heading(required=True)
    text = _text()
    button = blocks.CharBlock(label=_("Button"), max_length=40)
    target = TargetBlock(label=_("The button leads to"), max_length=300)
    about, icon_name = _("A coloured band that asks for the next step"), "hand"

    class Meta:
        label = _("Call to action")


KINDS: dict[str, Section] = {
    "hero": HeroSection(), "text": TextSection(), "picture": PictureSection(), "points": PointsSection(), "services": ServicesSection(),
    "articles": ArticlesSection(), "contact": ContactSection(), "team": TeamSection(), "quote": QuoteSection(), "questions": QuestionsSection(),
    "action": ActionSection(),
}  # fmt: skip


class SectionsField(StreamField):
    """The sections of one page in one language. Migrations know it as a column only, because kinds of sections need none."""

    def __init__(self, **more: Any) -> None:
        more.pop("block_types", None)
        super().__init__(list(KINDS.items()), **{**more, "blank": True})

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = models.Field.deconstruct(self)
        return name, path, [], kwargs
