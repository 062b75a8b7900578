"""What the studio says of looks: what differs, what was published when, and how well everything can be read."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy

from branding.models import Branch, BranchVersion, BrandVersion
from branding.rules.contrast import INTERFACE, TEXT, contrast
from branding.rules.palette import Palette
from portal.settings.branch_forms import BranchForm
from portal.settings.studio_forms import LookForm

MOST_SHOWN = 20
# (what is looked at, least contrast, its colours in front and behind: light, dark, on paper; None where there is no such thing)
PAIRS = (
    (gettext_lazy("Text"), TEXT, (("neutral-900", "neutral-50"), ("neutral-100", "neutral-950"), ("neutral-900", "neutral-0"))),
    (gettext_lazy("Quiet text"), TEXT, (("neutral-600", "neutral-100"), ("neutral-400", "neutral-850"), ("neutral-600", "neutral-0"))),
    (gettext_lazy("Links and headings of papers"), TEXT, (("text", "neutral-100"), ("text-dark", "neutral-850"), ("text", "neutral-0"))),
    (gettext_lazy("Buttons"), TEXT, (("on-action", "action"), ("on-action-dark", "action-dark"), None)),
    (gettext_lazy("Marks and edges"), INTERFACE, (("edge", "neutral-100"), ("edge-dark", "neutral-850"), ("edge", "neutral-0"))),
    (gettext_lazy("Second colour"), INTERFACE, (("accent", "neutral-100"), ("accent-dark", "neutral-850"), None)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One published look: what it changed, and what it is."""

    version: BrandVersion | BranchVersion
    changed: list[str]
    is_newest: bool
    look_url: str
    restore_url: str


def acts(branch: Branch | None) -> dict[str, str]:
    """Where the buttons of the draft are sent."""
    names = ("publication", "discarding", "schedule", "schedule_end", "link", "link_end")
    kind, args = ("branch", [branch.pk]) if branch else ("brand", [])
    return {name: reverse(f"settings:{kind}_{name}", args=args) for name in names}


def rows(versions: Sequence[BrandVersion | BranchVersion], branch: Branch | None) -> list[VersionRow]:
    """The versions, newest first, each with what differs from the one before."""
    followed = [*versions, None]
    return [
        VersionRow(
            version,
            labels(version.differences(before)) if before else [],
            version is versions[0],
            *_addresses(version.number, branch),
        )
        for version, before in pairwise(followed)
        if version is not None
    ][:MOST_SHOWN]


def _addresses(number: int, branch: Branch | None) -> tuple[str, str]:
    if branch is None:
        return f"{reverse('settings:brand_sample', args=['start'])}?version={number}", reverse(
            "settings:brand_version", args=[number]
        )
    asked = urlencode({"branch": branch.pk, "version": number})
    address = f"{reverse('settings:branch_sample', args=['sign-in'])}?{asked}"
    return address, reverse("settings:branch_version", args=[branch.pk, number])


def labels(fields: Sequence[str]) -> list[str]:
    """The names of facts, as the forms have them."""
    known = {**BranchForm.base_fields, **LookForm.base_fields}
    return [str(known[name].label) for name in fields]


def readability(palette: Palette) -> dict[str, Any]:
    """How far each pair of colours is apart, and in sentences what was made darker or lighter for it."""
    table = [(str(name), [_ratio(palette, pair, needed) for pair in pairs]) for name, needed, pairs in PAIRS]
    return {"readability": table, "adjustments": [each.reason for each in palette.adjustments]}


def _ratio(palette: Palette, pair: tuple[str, str] | None, needed: float) -> dict[str, Any] | None:
    if pair is None:
        return None
    ratio = contrast(palette.colours[pair[0]], palette.colours[pair[1]])
    return {"text": f"{ratio:.1f} : 1", "is_enough": ratio >= needed}
