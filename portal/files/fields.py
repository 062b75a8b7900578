"""A form field for files: with scripts they come in parts before the form is sent, without scripts with the form.

`cleaned_data` has a list of what `core.files.actions.keep_file` takes. A form with errors shows what has come already, so that nobody sends it twice.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.files import queries
from core.files.models import Upload
from core.files.permissions import uploads_of
from core.files.purposes import get_purpose
from core.files.rules.file_types import endings_of
from core.files.rules.room import size_words
from portal.files.uploads import PART_BYTES

SENT = "uploads"  # what the ids of uploads are called in the form, behind the field's name
PLAIN_BYTES = 40_000_000  # of all files that come with a form
MOST_FILES = 30


class FilesInput(forms.FileInput):
    """The place to drop, paste and choose files, with what is there already."""

    template_name = "components/_file_upload.html"
    allow_multiple_selected = True

    def __init__(self, purpose: str, *, most: int, kinds: Sequence[Any] = ()) -> None:
        attrs = {"multiple": True} if most > 1 else {}
        if endings := endings_of(kinds):
            attrs["accept"] = ",".join(f".{ending}" for ending in endings)
        super().__init__(attrs=attrs)
        self.purpose, self.most, self.user = purpose, most, None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[str], list[UploadedFile]]:
        ids = data.getlist(f"{name}_{SENT}") if hasattr(data, "getlist") else []
        given = files.getlist(name) if hasattr(files, "getlist") else [files[name]] if files.get(name) else []
        return ids, [each for each in given if each]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        ids = value[0] if isinstance(value, tuple) else []
        room = queries.room()
        return {
            **super().get_context(name, None, attrs),
            "sent": _complete(self.user, ids),
            "sent_name": f"{name}_{SENT}",
            "purpose": self.purpose,
            "address": reverse("files:uploads"),
            "part_bytes": PART_BYTES,
            "most": self.most,
            "largest": size_words(queries.most_bytes(get_purpose(self.purpose))),
            "left": size_words(room.left or 0) if room.is_nearly_full else "",
        }

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # because the browser does not know what has come already


class FilesField(forms.Field):
    """One or several files for a purpose. The form gives it the person: `form.fields["files"].for_user(user)`."""

    widget: FilesInput

    def __init__(self, purpose: str, *, most: int = 1, kinds: Sequence[Any] = (), **more: Any) -> None:
        self.most = most
        super().__init__(widget=FilesInput(purpose, most=most, kinds=kinds), **more)

    def for_user(self, user: Any) -> "FilesField":
        """Whose uploads count."""
        self.widget.user = user
        return self

    def clean(self, value: Any) -> list[Upload | UploadedFile]:
        """Errors: nothing came, something has not come whole, too many, too much at once."""
        ids, given = value if isinstance(value, tuple) else ([], [])
        sent = _complete(self.widget.user, ids)
        if len(sent) < len(set(ids)):
            raise forms.ValidationError(_("Some files have not come whole, or are gone. Send them again."))
        if sum(each.size or 0 for each in given) > PLAIN_BYTES:
            most = {"most": size_words(PLAIN_BYTES)}
            raise forms.ValidationError(_("Together the files are larger than %(most)s. Send fewer at once.") % most)
        found: list[Upload | UploadedFile] = [*sent, *given]
        if self.required and not found:
            raise forms.ValidationError(_("Choose a file."), code="required")
        if len(found) > self.most:
            said = ngettext("Choose %(most)s file.", "Choose at most %(most)s files.", self.most)
            raise forms.ValidationError(said % {"most": self.most})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, tuple) and any(data)


def files_body_limit(signed_in_bytes: int) -> int:
    """`body_limit` of a page with such a field."""
    return PLAIN_BYTES * 3 // 2 + signed_in_bytes


def _complete(user: Any, ids: Sequence[str]) -> list[Upload]:
    """Those of one's own uploads that are here whole, in the order in which they were named."""
    wanted = [pk for pk in dict.fromkeys(map(_id, ids[:MOST_FILES])) if pk]
    if not wanted or user is None:
        return []
    found: Mapping[UUID, Upload] = uploads_of(user).filter(file__isnull=False).select_related("file").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
