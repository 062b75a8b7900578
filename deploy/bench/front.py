"""The whole product behind the real proxy with an authority of its own, and a Chromium that reaches every host there."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.journeys.house import House
    from tests.local.caddy import FrontDoor

ROOT = Path(__file__).resolve().parents[2]
# Nothing is connected to from here: the house has servers of its own, and only what is installed is asked for.
NOWHERE = {
    "DJANGO_SETTINGS_MODULE": "deploy.settings.base", "SECRET_KEY": secrets.token_hex(40), "OPERATOR_HOST": "operator.localhost",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "VALKEY_URL": "redis://127.0.0.1:1/0", "EMAIL_URL": "memory://",
}  # fmt: skip


def prepared() -> None:
    """Django as it is needed to read the product's code, before anything of it is imported."""
    os.environ.update(NOWHERE)
    django.setup()


@contextmanager
def standing(*programs: str, **settings: str) -> Iterator[tuple[House, FrontDoor]]:
    """The house with these programs behind the proxy, with TLS everywhere. `settings`: variables in place of the demo's."""
    from tests.journeys.house import standing_house
    from tests.local.caddy import free_port, front_door

    https = free_port()
    with tempfile.TemporaryDirectory() as home:
        authority = Path(home) / ".local" / "share" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        settings = {
            "PUBLIC_SCHEME": "https", "PUBLIC_PORT": "", "FRONT_DOOR": f"127.0.0.1:{https}", "FRONT_DOOR_AUTHORITY": str(authority), **settings,
        }  # fmt: skip
        with standing_house(ROOT / "var" / "bench", schemas=_schemas(), programs=programs, **settings) as house:
            upstream = f"127.0.0.1:{house.ports.web}"
            with front_door(upstream, Path(home), https=https, operators="127.0.0.1/32") as door:
                yield house, door


def chromium(playwright: object, door: FrontDoor) -> Browser:
    """A real Chromium for which every host is the proxy."""
    from deploy.local import browser

    arguments = ["--no-sandbox", f"--host-resolver-rules=MAP * 127.0.0.1:{door.https}"]
    return playwright.chromium.launch(executable_path=str(browser.find() or browser.fetch()), args=arguments)  # type: ignore[attr-defined]


def _schemas() -> Path:
    """Where the script of the schemas is kept: any test that uses the database makes it."""
    from tests.database import fingerprint

    kept = ROOT / "var" / "test-schemas"
    if not (kept / f"{fingerprint()}.sql").exists():
        ours = {name: value for name, value in os.environ.items() if name not in NOWHERE}
        command = [sys.executable, "-m", "pytest", "-q", "tests/kernel/test_limits.py"]
        subprocess.run(command, cwd=ROOT, env=ours, check=True)
    return kept
