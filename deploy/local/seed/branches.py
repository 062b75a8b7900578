"""A branch of one organization of the demo: with a look, a web address and people of its own."""

from datetime import datetime

from branding.actions import add_branch, change_draft, give_host, publish_draft
from branding.images import read_image
from core.people.actions import change_staff_member, put_into_branch
from deploy.local.seed.people import Cast
from deploy.local.seed.pictures import landscape, lettering
from deploy.local.seed.practices import Practice
from tenants import domains
from tenants.context import current_organization


def open_branch(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Its practitioner, and the last two clients in the list, belong to it."""
    place = practice.branch
    if place is None:
        return
    branch = add_branch(
        label=place.label, name=place.name, tagline=place.tagline, primary_color=place.color, accent_color=place.accent,
        logo=read_image(lettering(place.name, place.color), widest=640),
        sign_in_picture=read_image(landscape(place.color, place.accent, seed=place.label), widest=1280, is_photo=True),
        reply_to=place.reply_to, address=place.address, phone=place.phone, sign_in_text=f"Ring us at the {place.label} rooms: {place.phone}.",
        by=cast.owner, now=now,
    )  # fmt: skip
    draft = change_draft(
        branch=branch,
        by=cast.owner,
        now=now,
        sign_in_text=f"The {place.label} rooms are open from 8 to 18. Ring {place.phone}.",
    )
    publish_draft(branch=branch, mark=draft.mark, over=1, by=cast.owner, now=now)
    change_draft(branch=branch, by=cast.owner, now=now, tagline=f"{place.tagline.rstrip('.')}, by the river.")
    organization = current_organization()
    host = domains.add_domain(organization.pk, host=place.host, by="Demo", now=now)
    domains.vouch_for_domain(organization.pk, host.pk, reason="Made by the demo's seed", by="Demo", now=now)
    give_host(host.pk, branch=branch, by=cast.owner, now=now)
    change_staff_member(staff=cast.staff[place.worker], branch=branch, by=cast.owner, now=now)
    put_into_branch(clients=cast.clients[-2:], branch=branch, by=cast.owner, now=now)
