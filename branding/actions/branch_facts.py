"""Putting facts on a branch or on the draft of one, with what follows from them."""

from collections.abc import Mapping
from typing import Any

from branding.actions.looks import told
from branding.images import ground_of
from branding.models import BranchFacts
from branding.queries import branded
from core.kernel import unseen
from core.kernel.errors import ConflictError, DomainError
from core.kernel.plain_text import require_plain
from core.kernel.translation import translate


def put_on_branch(branch: BranchFacts, wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Change facts; not saved. Returns the changes.

    Errors: `label_missing`, `color_invalid`, `accent_alone` for a second colour without a main one.
    """
    if unknown := wanted.keys() - set(branch.FACTS):
        raise TypeError(f"{', '.join(unknown)}: no facts of a branch")
    require_plain(*(value for value in wanted.values() if isinstance(value, str)))
    changes = {}
    for field, value in wanted.items():
        if (getattr(branch, field) or "") != (value or ""):
            changes[field] = [told(getattr(branch, field) or ""), told(value or "")]
            setattr(branch, field, value)
    _check(branch)
    for field in {"logo", "logo_dark"} & changes.keys():
        file = getattr(branch, field)
        setattr(branch, f"{field}_ground", ground_of(file) if file else "")
    return changes


def label_taken() -> ConflictError:
    """Another branch is called the same."""
    return ConflictError("label_taken", translate("There is another branch that is called like this."), field="label")


def _check(branch: BranchFacts) -> None:
    if not unseen.one_line(branch.label):
        raise DomainError("label_missing", translate("Write a name for the branch."), field="label")
    if branch.accent_color and not branch.primary_color:
        sentence = translate("Choose a main colour, too: a second colour belongs to it.")
        raise DomainError("accent_alone", sentence, field="accent_color")
    try:
        branded(branch)
    except ValueError as error:
        sentence = translate("This cannot be used: %(error)s.", error=error)
        raise DomainError("color_invalid", sentence, field="primary_color") from error
