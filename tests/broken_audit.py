"""An act that cannot be noted in the audit does not happen: what a test needs to break the audit and look at the tables."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps

from core.kernel.models import AuditEvent

APPS = (
    "kernel",
    "people",
    "resources",
    "scheduling",
    "notifications",
    "guardian",
    "billing",
    "enquiries",
    "files",
    "sessions_live",
    "boards",
    "branding",
    "packages",
    "prepayments",
    "autopay",
    "pages",
    "questionnaires",
    "records",
    "reconciliation",
    "reminders",
    "wages",
    "wagtailcore",
)


class AuditBroken(Exception):
    """Raised instead of writing the row."""


def everything_written() -> dict[str, list[dict[str, Any]]]:
    """Every row of every app's tables, by table."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in APPS]
    return {model._meta.db_table: list(model._default_manager.order_by("pk").values()) for model in models}


def assert_nothing_is_written(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Do it with an audit that refuses its row, and find every table as it was before."""

    def refuse(**row: Any) -> AuditEvent:
        raise AuditBroken(row["action"])

    before = everything_written()
    monkeypatch.setattr(AuditEvent.objects, "create", refuse)
    with pytest.raises(AuditBroken):
        act()
    assert everything_written() == before
