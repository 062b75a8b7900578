"""`python -m deploy.local.seed`: fill the demo's database once, and write var/demo.json. Needs the environment of the demo."""

import json
import os
import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from branding.actions import change_brand, change_draft, change_words  # noqa: E402
from branding.images import read_image  # noqa: E402
from branding.models import Brand  # noqa: E402
from core.kernel import clock  # noqa: E402
from core.kernel.models import OutboxMessage  # noqa: E402
from core.notifications.models import Notice  # noqa: E402
from core.people.models import User  # noqa: E402
from deploy.local.seed.bills import fill_bills, fill_services, open_payments, send_card_links  # noqa: E402
from deploy.local.seed.boards import draw_board  # noqa: E402
from deploy.local.seed.booking import open_booking  # noqa: E402
from deploy.local.seed.booking_requests import ask_for_times  # noqa: E402
from deploy.local.seed.branches import open_branch  # noqa: E402
from deploy.local.seed.calendar import (  # noqa: E402
    book_soon,
    fill_calendar,
    note_arrivals,  # noqa: E402
)
from deploy.local.seed.disputes import fill_disputes  # noqa: E402
from deploy.local.seed.enquiries import fill_enquiries  # noqa: E402
from deploy.local.seed.facts import describe  # noqa: E402
from deploy.local.seed.feeds import keep_another_calendar, make_feeds  # noqa: E402
from deploy.local.seed.help_centre import fill_help  # noqa: E402
from deploy.local.seed.hours import add_absences, say_when_clients_can_come, set_hours  # noqa: E402
from deploy.local.seed.lateness import cancel_late, set_rules  # noqa: E402
from deploy.local.seed.legal_texts import fill_legal_texts  # noqa: E402
from deploy.local.seed.links import make_links  # noqa: E402
from deploy.local.seed.materials import fill_materials  # noqa: E402
from deploy.local.seed.operator import fill_operator  # noqa: E402
from deploy.local.seed.packages import sell_packages  # noqa: E402
from deploy.local.seed.people import address, fill_people  # noqa: E402
from deploy.local.seed.pictures import landscape  # noqa: E402
from deploy.local.seed.practices import PRACTICES, Practice  # noqa: E402
from deploy.local.seed.prepayments import ask_in_advance  # noqa: E402
from deploy.local.seed.questionnaires import ask_for_forms  # noqa: E402
from deploy.local.seed.records import keep_records, score_materials  # noqa: E402
from deploy.local.seed.reminders import answer_some, choose_channels, send_texts, set_reminders  # noqa: E402
from deploy.local.seed.rights import fill_rights  # noqa: E402
from deploy.local.seed.sender import give_domain  # noqa: E402
from deploy.local.seed.sessions import record_session  # noqa: E402
from deploy.local.seed.setup import go_on  # noqa: E402
from deploy.local.seed.team import fill_team  # noqa: E402
from deploy.local.seed.wages import pay_wages, set_wage_rates  # noqa: E402
from deploy.local.seed.waiting_list import fill_waiting_list  # noqa: E402
from deploy.local.seed.website import fill_website  # noqa: E402
from tenants.context import organization_context, public_context  # noqa: E402
from tenants.models import Organization  # noqa: E402
from tenants.operators.actions.usage import measure  # noqa: E402
from tenants.provisioning import provision_organization  # noqa: E402


def main() -> None:
    began = time.monotonic()
    target = Path(settings.VAR_DIR) / "demo.json"
    operator = fill_operator()
    facts: dict[str, Any] = {"organizations": [], "operator": operator, "ports": _ports()}
    for practice in PRACTICES:
        facts["organizations"].append(_fill(practice))
        with public_context():
            measure(Organization.objects.get(slug=practice.slug), now=clock.now())
        print(f"{practice.name}: ready after {time.monotonic() - began:.1f} s", flush=True)
    fresh = target.with_suffix(".new")
    fresh.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    fresh.replace(target)


def _fill(practice: Practice) -> dict[str, Any]:
    """Make the organization if it is not there, and describe it."""
    with public_context():
        known = Organization.objects.filter(slug=practice.slug).first()
    if known is not None:
        with organization_context(known):
            return describe(practice)
    now = clock.now()
    organization = provision_organization(
        name=practice.name, slug=practice.slug, host=f"{practice.slug}.localhost", plan="enterprise", blueprint=practice.blueprint,
        owner_email=address(practice.workers[0].name, practice), owner_name=practice.workers[0].name, by="Demo",
        time_zone=practice.time_zone, currency=practice.currency, country=practice.country, languages=list(practice.languages),
    )  # fmt: skip
    with organization_context(organization):
        _introduce(practice, now)
        cast = fill_people(practice, now=now - timedelta(days=30))
        open_branch(practice, cast, now=now - timedelta(days=30))
        fill_services(practice, cast, now=now - timedelta(days=30))
        set_wage_rates(practice, cast, now=now - timedelta(days=30))
        brand = Brand.objects.get(is_current=True)
        fill_website(practice, (brand.primary_color, brand.accent_color), by=cast.owner)
        fill_team(practice, cast.staff, by=cast.owner, now=now)
        fill_legal_texts(practice, by=cast.owner, now=now)
        fill_enquiries(practice, by=cast.owner, now=now)
        set_rules(cast, now=now - timedelta(days=30))
        set_hours(practice, cast, now=now)
        say_when_clients_can_come(cast, now=now)
        set_reminders(cast, now=now)
        make_feeds(now=now)
        open_booking(practice, cast, now=now)
        count = fill_calendar(practice, cast, now=now, dice=random.Random(practice.slug))
        print(f"{practice.name}: {len(cast.clients)} clients, {count} appointments", flush=True)
        open_payments(cast, now=now)
        send_card_links(cast, now=now)
        fill_bills(cast, now=now)
        fill_disputes(cast, now=now)
        sell_packages(practice, cast, now=now)
        ask_in_advance(cast, now=now)
        cancel_late(practice, cast, now=now)
        pay_wages(practice, cast, now=now)
        keep_records(cast, now=now)
        ask_for_forms(cast, now=now)
        record_session(practice, cast, now=now)
        draw_board(practice, cast, now=now)
        if practice.sender:
            give_domain(practice.sender, names_port=_ports()["names"])
        go_on(practice, now=now, names_port=_ports()["names"])
        fill_help(practice, now=now)
        _forget_promises(now)
        fill_materials(practice, now=now)
        score_materials(cast, now=now)
        send_texts(cast, sender=practice.text_sender, now=now)
        book_soon(practice, cast, now=now)
        add_absences(cast, now=now)
        answer_some(now=now)
        keep_another_calendar(now=now)
        note_arrivals(now=now)
        ask_for_times(practice, cast, now=now)
        fill_waiting_list(practice, cast, now=now)
        choose_channels(now=now)
        make_links(practice, cast, now=now)
        fill_rights(practice, cast, now=now)
        return describe(practice)


_OWN_CSS = """/* Titles in the brand's colour, with a line before them. */
.card__title { color: var(--color-link); background: var(--color-surface); }
.card__title { padding-inline-start: 0.5rem; border-inline-start: 3px solid var(--brand-accent); }
"""


def _behind(brand: Brand, seed: str) -> Any:
    return read_image(landscape(brand.primary_color, brand.accent_color, seed=seed), widest=1920, is_photo=True)


def _introduce(practice: Practice, now: Any) -> None:
    """Brand facts that an owner types in on the first day."""
    owner = User.objects.get(staff_member__role="owner")
    brand = Brand.objects.get(is_current=True)
    change_brand(
        brand,
        by=owner,
        tagline=practice.tagline,
        address=practice.address,
        phone=practice.phone,
        reply_to=f"office@{practice.slug}.example",
        sign_in_text=f"Something does not work? Ring us: {practice.phone}.",
        waiting_text="Make yourself comfortable. We are with you in a moment.",
        waiting_picture=_behind(brand, "waiting"),
        call_picture=_behind(brand, "call"),
    )
    change_draft(by=owner, now=now, accent_color="#b45309", radius="round", own_css=_OWN_CSS)
    for language, nouns in practice.words.items():
        change_words(preset=brand.vocabulary, language=language, nouns=nouns, by=owner)


def _forget_promises(now: Any) -> None:
    """Nobody wants the mail of a past that was made up a minute ago; what is to come (reminders) stays."""
    OutboxMessage.objects.filter(state="waiting", due_at__lte=now + timedelta(minutes=10)).update(
        state="void", outcome="made by the demo's seed", finished_at=now
    )
    Notice.objects.filter(read_at=None).update(read_at=now)


def _ports() -> dict[str, int]:
    base = int(os.environ.get("PORT", "8000"))
    return {"web": base, "mail": base + 1, "payments": base + 3, "names": base + 7}


if __name__ == "__main__":
    main()
