"""A picture as a form field: a drawing or one of three formats, decoded and written anew, shown from its own address behind the door."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from branding.addresses import background_path, icon_path, logo_path, sign_in_picture_path
from branding.app_icons import SIDE
from branding.images import read_image
from branding.models import Look
from branding.queries import current_brand
from core.kernel.errors import DomainError

ACCEPTED = ["svg", "png", "jpg", "jpeg", "webp"]
# How a picture is kept, where that is not as a logo.
SHAPES: dict[str, dict[str, Any]] = {
    "icon": {"widest": SIDE, "is_square": True},
    "sign-in": {"widest": 1280, "is_photo": True},
    "waiting": {"widest": 1920, "is_photo": True},
    "call": {"widest": 1920, "is_photo": True},
}


class LogoInput(forms.ClearableFileInput):
    """The logo there is, how to be rid of it, and the place for another. Stored files have no address, so their storage is never asked for one."""

    def __init__(self, variant: str) -> None:
        super().__init__(attrs={"accept": ",".join(f".{ending}" for ending in ACCEPTED)})
        self.variant = variant

    def is_initial(self, value: Any) -> bool:
        return bool(value)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        look = getattr(value, "instance", None) or current_brand()  # a draft has pictures of its own
        widget = self.get_context(name, value, attrs)["widget"]
        context = {
            "widget": widget,
            "control": format_html('<input type="file" name="{}"{}>', name, flatatt(widget["attrs"])),
            "shown": self._path(look),
            "ground": look.ground_of_logo(self.variant) if self.variant in ("light", "dark") else "",
            "is_icon": self.variant == "icon",
            "shade": getattr(look, f"{self.variant}_shade") if self.variant in ("waiting", "call") else 0,
        }
        return render_to_string("components/_logo_input.html", context)

    def _path(self, look: Look) -> str:
        if self.variant == "icon":
            return icon_path(look)
        if self.variant in ("waiting", "call"):
            return background_path(look, self.variant)
        return sign_in_picture_path(look) if self.variant == "sign-in" else logo_path(look, self.variant)


class LogoField(forms.FileField):
    """Gives the picture as it is to be kept, what is kept already, or nothing when it is to go."""

    def __init__(self, variant: str, **more: Any) -> None:
        self.how: dict[str, Any] = SHAPES.get(variant, {"widest": 640})
        super().__init__(
            required=False, widget=LogoInput(variant), validators=[FileExtensionValidator(ACCEPTED)], **more
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Error: what is wrong with the picture, in a sentence."""
        given = super().clean(data, initial)
        if not isinstance(given, UploadedFile):
            return given or ""
        try:
            return read_image(given, **self.how)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
