"""The form of a branch: what it has otherwise than the organization. Whatever is left empty, it has from there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branding.models import BranchDraft
from branding.queries import facts_of, palette, published_brand
from branding.rules.palette import derive_palette
from portal.image_fields import LogoField
from portal.settings.studio_forms import COLOR, ColorInput

INHERITED = _("Empty: as everywhere else.")


class BranchForm(forms.ModelForm):
    """Everything but the first field may be left empty."""

    own_colors = forms.BooleanField(label=_("Colours of its own"), required=False)
    primary_color = forms.CharField(label=_("Main colour"), validators=[COLOR], widget=ColorInput, required=False)
    accent_color = forms.CharField(label=_("Second colour"), validators=[COLOR], widget=ColorInput, required=False)
    logo = LogoField(
        "light",
        label=_("Logo"),
        help_text=_("With a logo of its own, a branch has its own dark logo and icon, too, or its initials."),
    )
    logo_dark = LogoField("dark", label=_("Logo on dark ground"))
    icon = LogoField("icon", label=_("Icon"))
    sign_in_picture = LogoField("sign-in", label=_("Picture beside the sign-in"))

    class Meta:
        model = BranchDraft
        fields = (
            "label", "name", "tagline", "logo", "logo_dark", "icon", "primary_color", "accent_color", "sign_in_picture", "sign_in_text",
            "sender_name", "reply_to", "address", "phone",
        )  # fmt: skip
        labels = {
            "label": _("Name for those who work here"), "name": _("Name"), "tagline": _("One line about you"),
            "sign_in_text": _("Text beside the sign-in"), "sender_name": _("Name of the sender of mail"),
            "reply_to": _("Where answers go"), "address": _("Postal address"), "phone": _("Phone"),
        }  # fmt: skip
        help_texts = {
            "label": _("In lists and forms."),
            "name": _("As %(clients)s read it. Empty: as everywhere else."),
            "tagline": INHERITED,
            "sign_in_text": INHERITED,
            "sender_name": _("Empty: the name above, or as everywhere else."),
            "reply_to": INHERITED,
            "address": INHERITED,
            "phone": INHERITED,
        }
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("sign_in_text", "address")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch, brand = self.instance, published_brand()
        self.initial["own_colors"] = bool(branch.primary_color)
        self.initial["primary_color"] = branch.primary_color or brand.primary_color
        derived = palette() if not branch.primary_color else derive_palette(facts_of(branch.put_over(brand)))
        self.initial["accent_color"] = branch.accent_color or (
            brand.accent_color if not branch.primary_color and brand.accent_color else derived.colours["accent"]
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("own_colors") and not values.get("primary_color") and "primary_color" not in self.errors:
            self.add_error("primary_color", _("Choose a colour."))
        return values

    def _get_validation_exclusions(self) -> set[str]:
        """That another branch is called the same, the action says, at the field."""
        return {*super()._get_validation_exclusions(), "label"}

    def facts(self) -> dict[str, Any]:
        """What the action is told."""
        given = {name: value for name, value in self.cleaned_data.items() if name in self.Meta.fields}
        return given if self.cleaned_data.get("own_colors") else given | {"primary_color": "", "accent_color": ""}

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in groups, as the page shows them."""
        groups = [
            (_("Name and logo"), ["label", "name", "tagline", "logo", "logo_dark", "icon"]),
            (_("Colours"), ["own_colors", "primary_color", "accent_color"]),
            (_("Sign-in"), ["sign_in_picture", "sign_in_text"]),
            (_("Mail and papers"), ["sender_name", "reply_to", "address", "phone"]),
        ]
        return [(str(title), [self[name] for name in names]) for title, names in groups]
