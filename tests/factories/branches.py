"""A branch with a host, a name, colours and pictures of its own."""

from types import SimpleNamespace
from typing import Any

from branding import actions
from branding.images import read_image
from branding.models import Branch
from branding.queries import versions_of
from core.kernel import clock
from tenants import context, hosts
from tenants.models import Domain
from tests.factories.images import upload, wordmark, written

HOST = "harbour.north.test"
PLUM = "#7c2d6b"


def make_branch(cast: SimpleNamespace, **more: Any) -> Branch:
    """Harbour, which has everything otherwise."""
    facts = {
        "label": "Harbour", "name": "Quayside Rooms", "tagline": "By the water", "primary_color": PLUM, "accent_color": "#b45309",
        "logo": read_image(upload(written(wordmark(), "PNG")), widest=640), "sender_name": "Quayside Post",
        "reply_to": "quay@quayside.test", "address": "1 Quay Street\nHarbour", "phone": "+49 40 123456", **more,
    }  # fmt: skip
    return actions.add_branch(by=cast.nora, now=clock.now(), **facts)


def give_host(cast: SimpleNamespace, branch: Branch | None, *, host: str = HOST) -> Domain:
    """A host that is served, and leads to the branch."""
    with context.public_context():
        domain = Domain.objects.create(tenant=cast.north, domain=host, is_primary=False, verified_at=clock.now())
    actions.give_host(domain.pk, branch=branch, by=cast.nora, now=clock.now())
    forget()
    return domain


def change_branch(cast: SimpleNamespace, branch: Branch, **facts: Any) -> None:
    """Draft and publish at once."""
    draft = actions.change_draft(branch=branch, by=cast.nora, now=clock.now(), **facts)
    assert draft is not None
    seen = {"mark": draft.mark, "over": versions_of(branch).first().number}
    actions.publish_draft(branch=branch, by=cast.nora, now=clock.now(), **seen)


def publish(browser: Any, branch: Branch) -> Any:
    """Publish the draft as the page shows it."""
    page = browser.get(f"/settings/branches/{branch.pk}/")
    seen = {"mark": page.context["draft"].mark if page.context["draft"] else "", "over": page.context["over"]}
    return browser.post(f"/settings/branches/{branch.pk}/publication/", seen)


def forget() -> None:
    """What a commit would: no process remembers the organization as it was."""
    hosts._entries.clear()
    organization = context.current_organization()
    for remembered in ("_brand", "_branches", "_branded", "_palette", "_primary_host"):
        organization.__dict__.pop(remembered, None)
