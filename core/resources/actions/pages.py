"""A PDF gets other pages: what comes of it is a fresh copy, and the file before stays as a version (RES-06, RES-07)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.files.actions import keep_file, remove_file
from core.files.actions.files import Given
from core.files.contents import opened
from core.files.models import StoredFile
from core.files.pages import arranged
from core.files.rules.file_types import Kind
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from core.people.actions.changes import require
from core.resources.actions.resources import FRESH_COPY, held, replace_file
from core.resources.models import Resource
from core.resources.permissions import can_change_resource


@transaction.atomic
def arrange_pages(
    *, resource: Resource, order: Sequence[int], seen: UUID, more: Given | None = None, by: Any, now: datetime
) -> Resource:
    """The pages of its PDF in this order, from 1 on, those that are left out removed, and those of the PDF `more` behind them.

    `seen`: the id of the file whose pages these numbers are. Errors: `pages_moved_on`, `file_checking`, `no_pdf`, those of `arranged`, of `keep_file`
    and of `replace_file`.
    """
    resource = held(resource)
    require(can_change_resource(by, resource))
    if resource.file is None or resource.kind != Resource.Kind.PDF:
        raise NotFound(f"pages of {resource.pk}")
    if resource.file_id != seen:
        raise ConflictError("pages_moved_on", translate("A fresh copy has come meanwhile. Look at its pages first."))
    content = _content_of(resource.file)
    made = arranged(content, order, _taken(more, by=by, now=now) if more is not None else b"")
    fresh = SimpleUploadedFile(resource.file.name, made, "application/pdf")
    return replace_file(resource=resource, given=fresh, by=by, now=now)


def _taken(given: Given, *, by: Any, now: datetime) -> bytes:
    """What another PDF holds; the file itself is not kept."""
    file = keep_file(given=given, purpose=FRESH_COPY, by=by, now=now)
    if file.kind is not Kind.PDF:
        raise DomainError("no_pdf", translate("Choose a PDF."), field="more")
    content = _content_of(file)
    remove_file(file=file, by=by)
    return content


def _content_of(file: StoredFile) -> bytes:
    if not file.is_ready:
        raise ConflictError(
            "file_checking", translate("The file is being looked through for viruses. Try again in a moment.")
        )
    with opened(file) as content:
        return content.read()
