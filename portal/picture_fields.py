"""A field for a picture of the website: the one there is, another one, or none."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.urls import reverse
from django.utils.translation import gettext as _

from branding.images import MOST_BYTES
from portal.image_fields import ACCEPTED


class PictureInput(forms.ClearableFileInput):
    """The picture there is, how to be rid of it, and the place for another."""

    template_name = "pages/picture_input.html"

    def __init__(self) -> None:
        super().__init__(attrs={"accept": ",".join(f".{ending}" for ending in ACCEPTED)})

    def is_initial(self, value: Any) -> bool:
        return isinstance(value, str) and bool(value)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        shown = reverse("public_picture", args=[value, "small"]) if self.is_initial(value) else ""
        return {**super().get_context(name, value, attrs), "shown": shown}


class PictureField(forms.FileField):
    """Gives an upload, the id of the picture that is there already, or nothing when it is to go."""

    widget = PictureInput

    def __init__(self, **more: Any) -> None:
        super().__init__(validators=[FileExtensionValidator(ACCEPTED)], **more)

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = super().clean(data, initial)
        if isinstance(given, UploadedFile) and (given.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The picture is larger than 5 MB. Choose a smaller one."))
        return given or ""
