"""What is put aside, by its key; the link to the records."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.db.models.functions import JSONObject

from core.kernel.errors import NotFound
from core.setup.models import RecordsLink, SkippedStep
from tenants.context import current_organization

_FIELDS = ("key", "title", "skipped_at", "skipped_by")


def skipped_beside() -> ArraySubquery:
    """Every step that is skipped now, to be asked for in another question; `read_skipped` reads the answer."""
    return ArraySubquery(SkippedStep.objects.values(step=JSONObject(**{name: name for name in _FIELDS})))


def read_skipped(found: Iterable[Mapping[str, Any]]) -> dict[str, SkippedStep]:
    """The steps by key; the guide itself under `GUIDE` when it is put away."""
    steps = [
        SkippedStep(**{name: SkippedStep._meta.get_field(name).to_python(row[name]) for name in _FIELDS})
        for row in found
    ]
    return {step.key: step for step in steps}


def current_link(*, now: datetime) -> RecordsLink | None:
    """The link in force."""
    return RecordsLink.objects.filter(is_current=True, until__gt=now).first()


def token_of(link: RecordsLink) -> str:
    """The part of the address that opens the page."""
    return signing.Signer(salt=_salt()).sign_object(link.key)  # without a time, so that the address stays the same


def open_link(token: str, *, now: datetime) -> RecordsLink:
    """The link of this token, of the organization in force; NotFound for one that is forged, ended, too old, or another organization's."""
    try:
        key = signing.Signer(salt=_salt()).unsign_object(token)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    link = current_link(now=now)
    if link is None or not secrets.compare_digest(link.key, str(key)):
        raise NotFound
    return link


def _salt() -> str:
    return f"records:{current_organization().schema_name}"
