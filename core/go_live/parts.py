"""Each part of the file, written by the product's own actions; what is as wanted already is left alone. Runs in one transaction for all."""

import base64
import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File

from billing import permissions as billing_permissions
from billing.actions import catalogue
from billing.models import Service
from branding.actions import change_brand, change_words
from branding.app_icons import SIDE
from branding.images import read_image
from branding.models import Brand
from branding.rules.nouns import Noun
from branding.rules.stylesheet import FONTS
from branding.rules.vocabulary import keys
from branding.senders import actions as senders
from branding.senders.queries import current_sender
from core.go_live.report import Outcome, Report
from core.go_live.wanted import ServiceWanted, StaffWanted, Wanted
from core.kernel import time_zones
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.people.actions import invite_staff_member
from core.people.models import StaffMember
from core.people.roles import ROLES
from tenants import domains, host_names, plans
from tenants.context import current_organization
from tenants.domain_events import SUPPORT
from tenants.models import Organization
from tenants.provisioning import provision_organization

# How each is kept, as the studio's own fields do.
PICTURES: dict[str, dict[str, Any]] = {
    "logo": {"widest": 640}, "logo_dark": {"widest": 640}, "icon": {"widest": SIDE, "is_square": True},
    "sign_in_picture": {"widest": 1280, "is_photo": True},
}  # fmt: skip
DATA = re.compile(r"data:image/[a-z+.-]+;base64,(?P<content>[A-Za-z0-9+/=\s]+)")


def organization(wanted: Wanted, report: Report, *, by: str, now: datetime) -> Organization:
    """The organization of this short name, made where there is none; another plan is given, anything else of it stays."""
    facts = wanted.organization.model_dump()
    if facts["time_zone"] not in time_zones.known():
        raise DomainError("time_zone_unknown", f"There is no time zone “{facts['time_zone']}”.", field="time_zone")
    known = Organization.objects.select_related("plan").filter(slug=facts["slug"]).first()
    if known is None:
        made = provision_organization(**facts, languages=wanted.languages or ["en"], by=by, now=now)
        report.add("organization", Outcome.MADE, f"{made.name}; {facts['owner_email']} gets an invitation.")
        return made
    if not known.domains.filter(domain=host_names.normalize(facts["host"]), verified_at__isnull=False).exists():
        message = f"The short name “{facts['slug']}” belongs to an organization without the host {facts['host']}."
        raise DomainError("slug_taken", message, field="slug")
    if known.plan_id == facts["plan"]:
        report.add("organization", Outcome.SAME, known.name)
        return known
    changed = plans.change_plan(known.pk, plan=facts["plan"], by=by, now=now)
    report.add("organization", Outcome.CHANGED, "plan")
    return changed


def brand(wanted: Wanted, report: Report, files: Mapping[str, bytes] | None) -> None:
    """Facts that the file names, and pictures that are others than those there are."""
    brand = Brand.objects.select_for_update().get(is_current=True)
    facts: dict[str, Any] = wanted.brand.model_dump(exclude_none=True, exclude=set(PICTURES)) if wanted.brand else {}
    for field in {"heading_font", "body_font"} & facts.keys():
        if facts[field] not in FONTS:
            raise DomainError(
                "font_unknown", f"There is no font “{facts[field]}”. Known: {', '.join(FONTS)}.", field=field
            )
    if wanted.languages:
        unknown = [language for language in wanted.languages if language not in dict(settings.LANGUAGES)]
        if unknown:
            raise DomainError("language_unknown", f"Not offered: {', '.join(unknown)}.", field="languages")
        facts["languages"] = wanted.languages
    for field in PICTURES:
        name = getattr(wanted.brand, field, None)
        content = _content(name, files, field) if name else b""
        if content is None:
            report.add(
                f"brand.{field}",
                Outcome.SAME,
                "Files come with the command, or from the owner; here a picture is written as data.",
            )
        elif content and (picture := _picture(getattr(brand, field), content, field)):
            facts[field] = picture
    changed = [field for field, value in facts.items() if getattr(brand, field) != value]
    if changed:
        change_brand(brand, by=SUPPORT, **{field: facts[field] for field in changed})
        report.files += [getattr(brand, field).name for field in PICTURES if field in changed]
    report.noted("brand", changed)


def _content(name: str, files: Mapping[str, bytes] | None, field: str) -> bytes | None:
    """What is in the picture: written as data, or in the file of this name; None where no files can be given."""
    if name.startswith("data:"):
        found = DATA.fullmatch(name)
        try:
            return base64.b64decode(found["content"] if found else "", validate=False) or b"?"
        except ValueError:
            return b"?"  # no picture, which is said where pictures are read
    if files is None:
        return None
    if name not in files:
        raise DomainError("picture_missing", f"There is no file “{name}” beside this one.", field=field)
    return files[name] or b"?"


def _picture(present: Any, content: bytes, field: str) -> ContentFile | None:
    """The picture as it is to be kept; None when it is there already, by what it is made of."""
    upload = File(io.BytesIO(content), name=field)
    try:
        clean = read_image(upload, **PICTURES[field])
    except DomainError as error:
        raise DomainError(error.code, error.message, field=field) from error
    if present and _digest(present.read()) == _digest(clean.read()):
        return None
    clean.seek(0)
    return clean


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def words(wanted: Wanted, report: Report) -> None:
    """The set, and the organization's own nouns of each language that the file names."""
    assert wanted.words is not None
    before = Brand.objects.get(is_current=True)
    unknown = sorted({key for nouns in wanted.words.nouns.values() for key in nouns} - set(keys()))
    if unknown:
        raise DomainError(
            "noun_unknown", f"No such nouns: {', '.join(unknown)}. Known: {', '.join(keys())}.", field="nouns"
        )
    for language in wanted.words.nouns or {before.language: None}:
        named = wanted.words.nouns.get(language)
        if named is None:
            nouns = {key: Noun(**noun) for key, noun in before.words.get(language, {}).items()}
        else:
            nouns = {key: Noun(**noun.model_dump()) for key, noun in named.items()}
        change_words(preset=wanted.words.set, language=language, nouns=nouns, by=SUPPORT)
    after = Brand.objects.get(is_current=True)
    report.noted("words", [name for name in ("vocabulary", "words") if getattr(before, name) != getattr(after, name)])


def web_address(wanted: Wanted, report: Report, *, by: str, now: datetime) -> None:
    """The host, asked for where it is not there yet."""
    assert wanted.web_address is not None
    pk, name = current_organization().pk, domains.readable_name(wanted.web_address.host)
    if any(host.domain == name for host in domains.hosts_of(pk)):
        report.add("web_address", Outcome.SAME, host_names.shown(name))
        return
    domains.add_domain(pk, host=name, by=by, now=now, is_meant=wanted.web_address.is_meant)
    report.add("web_address", Outcome.MADE, host_names.shown(name))


def sender(wanted: Wanted, report: Report) -> None:
    """The name, where replies go, and the address of the own domain."""
    assert wanted.sender is not None
    before = _sender_facts()
    facts = before | wanted.sender.model_dump(exclude_unset=True)
    address = facts.pop("address").lower() or before["address"]
    if any(before[name] != value for name, value in facts.items()):
        senders.change_replies(sender_name=facts.pop("name"), **facts, by=SUPPORT)
    if before["address"] != address:
        senders.name_domain(address, by=SUPPORT)
    after = _sender_facts()
    report.noted("sender", [name for name in after if after[name] != before[name]])


def _sender_facts() -> dict[str, str]:
    """What the file can say of the sender, as it is."""
    brand, sender = Brand.objects.get(is_current=True), current_sender()
    return {
        "name": brand.sender_name, "reply_to": brand.reply_to, "reply_to_appointments": sender.reply_to_appointments,
        "reply_to_billing": sender.reply_to_billing, "address": sender.domain_address,
    }  # fmt: skip


def service(wanted: ServiceWanted, report: Report, part: str, *, now: datetime) -> None:
    """A service of this name: made, or changed to what the file says."""
    billing_permissions.check_in_plan()
    currency = Brand.objects.get(is_current=True).currency
    try:
        price = Money.parse(str(wanted.price), currency)
    except ValueError as error:
        raise DomainError("price_invalid", f"{wanted.price} {currency} is no amount.", field="price") from error
    known = Service.objects.filter(name=wanted.name, is_active=True).first()
    terms = catalogue.ServiceTerms(
        name=wanted.name, price=price, unit=wanted.unit, tax_rate=wanted.tax_rate, minutes=wanted.minutes, description=wanted.description,
        other_names=known.other_names if known else {}, other_descriptions=known.other_descriptions if known else {},
    )  # fmt: skip
    if known and _terms_of(known) == asdict(terms):
        report.add(part, Outcome.SAME, wanted.name)
        return
    catalogue.save_service(terms=terms, service=known, by=SUPPORT, now=now)
    report.add(part, Outcome.CHANGED if known else Outcome.MADE, wanted.name)


def _terms_of(service: Service) -> dict[str, Any]:
    return asdict(
        catalogue.ServiceTerms(
            name=service.name, price=service.price, unit=service.unit, tax_rate=Decimal(service.tax_rate), minutes=service.minutes,
            description=service.description, other_names=service.other_names, other_descriptions=service.other_descriptions,
        )
    )  # fmt: skip


def staff_member(wanted: StaffWanted, report: Report, part: str, *, now: datetime) -> None:
    """Somebody who works there: invited where nobody has this address."""
    if wanted.role not in ROLES:
        raise DomainError("role_unknown", f"There is no role “{wanted.role}”. Known: {', '.join(ROLES)}.", field="role")
    if StaffMember.objects.filter(user__email__iexact=wanted.email).exists():
        report.add(part, Outcome.SAME, wanted.email)
        return
    brand = Brand.objects.get(is_current=True)
    invite_staff_member(
        email=wanted.email, name=wanted.name, role=wanted.role, title=wanted.title, time_zone=wanted.time_zone or brand.time_zone,
        language=wanted.language or brand.language, by=System(brand.name), now=now,
    )  # fmt: skip
    report.add(part, Outcome.MADE, f"{wanted.email} gets an invitation.")
