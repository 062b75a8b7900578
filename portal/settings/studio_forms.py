"""Forms of the brand: its look, which is tried out first, and the organization's details, which hold at once."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branding.models import GROUNDS, Brand, BrandDraft
from branding.rules.own_css import MOST_LETTERS, read_css
from core.kernel import time_zones
from portal.image_fields import LogoField
from portal.settings.font_forms import font_choices

COLOR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, like #0f766e."))
NEUTRALS = [("brand", _("Tinted with your colour")), ("cool", _("Cool")), ("plain", _("Plain")), ("warm", _("Warm"))]
CORNERS = [("sharp", _("Sharp")), ("soft", _("Soft")), ("round", _("Round"))]
FIRST_GROUND = "#1f2937"  # what the picker shows where no colour was chosen yet
Sections = list[tuple[str, list[forms.BoundField]]]


class ColorInput(forms.TextInput):
    """The browser's own colour picker."""

    input_type = "color"


class LookForm(forms.ModelForm):
    """The facts of a look; everything else derives from them."""

    primary_color = forms.CharField(label=_("Main colour"), validators=[COLOR], widget=ColorInput)
    accent_color = forms.CharField(label=_("Second colour"), validators=[COLOR], widget=ColorInput, required=False)
    neutral = forms.ChoiceField(label=_("Greys"), choices=NEUTRALS)
    radius = forms.ChoiceField(label=_("Corners"), choices=CORNERS)
    heading_font = forms.ChoiceField(label=_("Font of headings"), widget=forms.RadioSelect)
    body_font = forms.ChoiceField(label=_("Font of text"), widget=forms.RadioSelect)
    logo = LogoField(
        "light", label=_("Logo"), help_text=_("SVG, PNG, JPEG or WebP; shown at the top of every page and mail.")
    )
    logo_dark = LogoField("dark", label=_("Logo on dark ground"))
    icon = LogoField(
        "icon",
        label=_("Icon"),
        help_text=_(
            "A square picture: in the browser’s tab, and on the screen of a phone. Without one: your initials."
        ),
    )
    sign_in_picture = LogoField("sign-in", label=_("Picture beside the sign-in"))
    waiting_picture = LogoField(
        "waiting",
        label=_("Picture behind those who wait"),
        help_text=_(
            "A bright picture is shown darker, so that text on it can be read; by how much is said once it is saved."
        ),
    )
    waiting_plain = forms.BooleanField(label=_("A plain colour behind those who wait"), required=False)
    waiting_color = forms.CharField(
        label=_("Colour behind those who wait"),
        validators=[COLOR],
        widget=ColorInput,
        required=False,
        help_text=_("Where there is no picture. A bright colour is shown darker, so that text on it can be read."),
    )
    call_picture = LogoField("call", label=_("Picture behind those who meet"))
    call_plain = forms.BooleanField(label=_("A plain colour behind those who meet"), required=False)
    call_color = forms.CharField(
        label=_("Colour behind those who meet"),
        validators=[COLOR],
        widget=ColorInput,
        required=False,
        help_text=_("Where there is no picture."),
    )
    exit_url = forms.CharField(
        label=_("Address after %(session:a|an)s %(session)s"),
        required=False,
        max_length=300,
        help_text=_("Where people are led on when it has ended. Without one: to the start."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    own_css = forms.CharField(
        label=_("Stylesheet of your own"), required=False, max_length=MOST_LETTERS, strip=False,
        help_text=_(
            "CSS for pages and public pages. It changes colours, borders, spaces and letters, and loads nothing. Not used in settings, in "
            "%(sessions)s, and where people book, pay, agree or read legal texts."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "class": "studio__css", "spellcheck": "false", "dir": "ltr"}),
    )  # fmt: skip

    class Meta:
        model = BrandDraft
        fields = (
            "name", "tagline", "logo", "logo_dark", "icon", "primary_color", "accent_color", "neutral", "radius", "heading_font", "body_font",
            "sign_in_picture", "sign_in_text", "waiting_picture", "waiting_color", "waiting_text", "call_picture", "call_color",
            "exit_url", "own_css",
        )  # fmt: skip
        labels = {
            "name": _("Name"), "tagline": _("One line about you"), "sign_in_text": _("Text beside the sign-in"),
            "waiting_text": _("Text for those who wait to be let in"),
        }  # fmt: skip
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("sign_in_text", "waiting_text")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fonts = font_choices(self.instance)
        for name in GROUNDS:
            kept = getattr(self.instance, name)
            self.initial[name.replace("_color", "_plain")], self.initial[name] = bool(kept), kept or FIRST_GROUND
        self.fields["heading_font"].choices = self.fields["body_font"].choices = fonts  # type: ignore[attr-defined]

    @property
    def look(self) -> dict[str, Any]:
        """What was typed. Instead of the boxes that ask for a colour: none where it is not asked for."""
        values = dict(self.cleaned_data)
        for name in GROUNDS:
            if not values.pop(name.replace("_color", "_plain"), False) and name in values:
                values[name] = ""
        return values

    def clean_own_css(self) -> str:
        """Errors: what is not taken, each with its line."""
        text = typed_css(self.cleaned_data["own_css"])
        if text != self.instance.own_css and (problems := read_css(text).problems):
            raise forms.ValidationError([problem.sentence for problem in problems])
        return text

    def sections(self) -> list[tuple[str, list[forms.BoundField], str, str]]:
        """The fields in groups, as the page shows them, with where a group leads on to."""
        groups = [
            (_("Name and logo"), ["name", "tagline", "logo", "logo_dark", "icon"]),
            (_("Colours and corners"), ["primary_color", "accent_color", "neutral", "radius"]),
            (_("Fonts"), ["heading_font", "body_font"]),
            (
                _("Coming in and going out"),
                [
                    "sign_in_picture",
                    "sign_in_text",
                    "waiting_picture",
                    "waiting_plain",
                    "waiting_color",
                    "waiting_text",
                    "call_picture",
                    "call_plain",
                    "call_color",
                    "exit_url",
                ],
            ),
            (_("For those who write CSS"), ["own_css"]),
        ]
        more = {"heading_font": (reverse("settings:brand_fonts"), str(_("Fonts of your own")))}
        return [(str(title), [self[name] for name in names], *more.get(names[0], ("", ""))) for title, names in groups]


def typed_css(text: str) -> str:
    """A sheet as it is kept: with line ends of one kind, and nothing instead of white space alone."""
    return text.replace("\r\n", "\n") if text.strip() else ""


class DetailsForm(forms.ModelForm):
    """Facts about the organization that nobody has to look at first."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("The first one chosen is what visitors meet first."),
    )  # fmt: skip

    class Meta:
        model = Brand
        fields = ("languages", "time_zone", "names_in_mail", "address", "phone", "tax_number")
        labels = {
            "time_zone": _("Time zone"), "address": _("Postal address"), "phone": _("Phone"), "tax_number": _("Tax number"),
            "names_in_mail": _("Mail and calendar files name people and %(services)s"),
        }  # fmt: skip

        help_texts = {
            "names_in_mail": _(
                "Otherwise they say when, where and with whom; for whom and what stands behind the sign-in. Careful is right where a name "
                "beside %(service:a|an)s %(service)s tells of somebody’s health: mailboxes and calendars are often shared."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in time_zones.known() if "/" in zone or zone == "UTC")
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in zones])
        self.fields["address"].widget = forms.Textarea(attrs={"rows": 3})

    def sections(self) -> Sections:
        """The fields in groups, as the page shows them."""
        groups = [
            (_("Languages and times"), ["languages", "time_zone"]),
            (_("Mail and papers"), ["names_in_mail", "address", "phone", "tax_number"]),
        ]
        return [(str(title), [self[name] for name in names]) for title, names in groups]
