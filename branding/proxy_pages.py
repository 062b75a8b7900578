"""What the proxy shows while the application does not answer: pages that stand alone, kept as files where the proxy reads them.

One folder for each host that is served, in it two pages for each language (one for what was asked for, one, `-sent`, for what was sent)
and both once more as `first`, for readers whose language is not on offer. The Caddyfile chooses. Whatever has no folder gets a neutral page.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import translation

from branding.queries import current_brand, read_again
from branding.standalone import Occasion, standalone_page
from tenants import context, domains
from tenants.models import Domain, Organization

_ENDINGS = {Occasion.ASKED: "", Occasion.SENT: "-sent"}


def renew() -> int:
    """Write the pages of the organization in force for each of its hosts, and take away those of hosts that it has no more. Returns the hosts."""
    organization = context.current_organization()
    read_again()
    served = {
        domain.domain: domain.branch_id if domain.serves_branch else None
        for domain in domains.hosts_of(organization.pk)
        if domain.is_served
    }
    pages: dict[UUID | None, dict[str, bytes]] = {}
    for host, branch in served.items():
        if branch not in pages:
            with context.branch_context(branch):
                pages[branch] = dict(_pages())
        _write(_folder(host), pages[branch])
    with context.public_context():
        names = (
            Domain.objects.filter(tenant=organization).exclude(domain__in=list(served)).values_list("domain", flat=True)
        )
        others = Domain.objects.filter(domain__in=list(names), verified_at__isnull=False).exclude(tenant=organization)
        gone = set(names) - {domain.domain for domain in others if domain.is_served}
    for host in gone:
        shutil.rmtree(_folder(host), ignore_errors=True)
    return len(served)


def renew_nightly(*, now: datetime) -> int:
    """Because a release may say it otherwise, and a file may be lost."""
    return renew()


def clear() -> int:
    """Take away the pages of hosts that nobody is served under any more. Returns how many."""
    with context.public_context():
        served = {
            domain.domain
            for domain in Domain.objects.filter(tenant__state=Organization.State.ACTIVE)
            if domain.is_served
        }
    gone = [folder for folder in _folders() if folder.name not in served]
    for folder in gone:
        shutil.rmtree(folder, ignore_errors=True)
    return len(gone)


def _pages() -> Iterator[tuple[str, bytes]]:
    languages = current_brand().languages or ["en"]
    for occasion, ending in _ENDINGS.items():
        for language in languages:
            with translation.override(language):
                page = standalone_page(occasion).html.encode()
            yield f"{language}{ending}.html", page
            if language == languages[0]:
                yield f"first{ending}.html", page


def _write(folder: Path, pages: dict[str, bytes]) -> None:
    """Each file at once and whole, because the proxy may be reading; languages that are not on offer any more go."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pages.items():
        new = folder / f".{name}.{os.getpid()}"
        new.write_bytes(content)
        new.chmod(0o644)  # the proxy is another user
        new.replace(folder / name)
    for path in folder.iterdir():
        if path.name not in pages:
            path.unlink(missing_ok=True)


def _folder(host: str) -> Path:
    return Path(settings.PROXY_PAGES) / host


def _folders() -> list[Path]:
    root = Path(settings.PROXY_PAGES)
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
