"""What the demo consists of, as plain values: processes, the steps before them, and the environment of all."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.demo.ports import Ports
from deploy.local.demo.ready import Http, Ready, Says, Tcp

ROOT = Path(__file__).resolve().parents[3]
OPERATOR_HOST = "operator.localhost"
PYTHON = sys.executable
MANAGE = (PYTHON, str(ROOT / "manage.py"))
OWNER_ADDRESSES = ("DATABASE_OWNER_URL", "DATABASE_SUPERUSER_URL")
CELERY = (PYTHON, "-m", "celery", "-A", "deploy.celery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that must succeed before the pages can be served."""

    title: str
    argv: tuple[str, ...]
    after_programs: bool = False  # whether it talks to the programs that are started first
    as_owner: bool = False  # whether it is given the addresses of the database that only owners use


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A program that runs as long as the demo does."""

    name: str
    argv: tuple[str, ...]
    ready: Ready
    ports: tuple[str, ...] = ()  # fields of `Ports`
    after_steps: bool = True  # whether it needs the database to be in shape
    unless: str = ""  # the variable by which the user names a real server in its place


STEPS = (
    Step(title="Preparing the database", argv=(*MANAGE, "prepare_roles"), as_owner=True),
    Step(title="Making and migrating its tables", argv=(*MANAGE, "migrate_organizations"), as_owner=True),
    Step(title="Filling two organizations", argv=(PYTHON, "-m", "deploy.local.seed"), after_programs=True),
)


def processes(ports: Ports, var: Path, environment: Mapping[str, str]) -> tuple[Process, ...]:
    """Every program beside PostgreSQL and Valkey, in the order of their start."""
    webhook = f"http://{OPERATOR_HOST}:{ports.web}/hooks/payments/={environment['STRIPE_WEBHOOK_SECRET']}"
    return (
        Process(
            name="mail",
            argv=(PYTHON, "-m", "deploy.local.mailcatcher", "--smtp-port", str(ports.smtp))
            + ("--http-port", str(ports.mail), "--directory", str(var / "mail")),
            ready=Http(ports.mail),
            ports=("mail", "smtp"),
            after_steps=False,
            unless="EMAIL_URL",
        ),
        Process(
            name="payments",
            argv=(PYTHON, "-m", "deploy.local.payments", "--port", str(ports.payments))
            + ("--state", str(var / "payments.json"), "--webhook", webhook),
            ready=Tcp(ports.payments),
            ports=("payments",),
            after_steps=False,
            unless="STRIPE_SECRET_KEY",
        ),
        Process(
            name="names",
            argv=(PYTHON, "-m", "deploy.local.nameserver", "--dns-port", str(ports.dns))
            + ("--http-port", str(ports.names), "--file", str(var / "dns.zone")),
            ready=Http(ports.names),
            ports=("names", "dns"),
            after_steps=False,
            unless="DNS_SERVERS",
        ),
        Process(
            name="media",
            argv=(PYTHON, "-m", "sessions_live.sfu"),
            ready=Http(ports.media_metrics, "/health"),
            ports=("media_udp", "media_control", "media_metrics"),
            after_steps=False,
            unless="MEDIA_CONTROL",
        ),
        Process(
            name="web",
            argv=(PYTHON, "-m", "uvicorn", "deploy.asgi:application", "--host", "127.0.0.1", "--port", str(ports.web))
            + ("--no-server-header", "--timeout-graceful-shutdown", "3", "--log-level", "info")
            + ("--ws-per-message-deflate", "false"),
            ready=Http(ports.web, host=OPERATOR_HOST),
            ports=("web",),
        ),
        Process(name="outbox", argv=(*MANAGE, "run_outbox"), ready=Says("listening")),
        Process(
            name="worker",
            # Threads, because a second Django in memory buys nothing on a laptop.
            argv=(*CELERY, "worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle")
            + ("--loglevel", "info"),
            ready=Says(" ready."),
        ),
        Process(
            name="beat",
            argv=(*CELERY, "beat", "--schedule", str(var / "log" / "beat.schedule"))
            + ("--pidfile=", "--loglevel", "info"),
            ready=Says("beat: Starting"),
        ),
    )


def environment(ports: Ports, var: Path, database_url: str, valkey_url: str) -> dict[str, str]:
    """The variables of every child. What the user has set stays, but for what only the steps get; the rest points at our own programs."""
    made = _secrets(var)
    ours = {
        "DJANGO_SETTINGS_MODULE": "deploy.settings.base",
        "SECRET_KEY": made["SECRET_KEY"],
        "DATABASE_URL": database_url,
        "VALKEY_URL": valkey_url,
        "VAR_DIR": str(var),
        "PORT": str(ports.web),
        "PUBLIC_SCHEME": "http",
        "PUBLIC_PORT": str(ports.web),
        "OPERATOR_HOST": OPERATOR_HOST,
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "SYSTEM_SENDER": "no-reply@post.example",
        "MAIL_ZONE": "records.post.example",
        "MAIL_SERVERS": "192.0.2.25",
        "EDGE_DOMAIN": "edge.localhost",
        "EDGE_ADDRESSES": "127.0.0.1",
        "DNS_SERVERS": "127.0.0.1",
        "DNS_PORT": str(ports.dns),
        "SMS_API_BASE": f"http://127.0.0.1:{ports.mail}",
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": made["STRIPE_WEBHOOK_SECRET"],
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.payments}",
        "STRIPE_JS_URL": f"http://localhost:{ports.payments}/v3/",
        "MEDIA_SECRET": made["MEDIA_SECRET"],
        "MEDIA_HOST": "127.0.0.1",
        "MEDIA_PUBLIC_IPS": "127.0.0.1",
        "MEDIA_PORT": str(ports.media_udp),
        "MEDIA_CONTROL": f"127.0.0.1:{ports.media_control}",
        "MEDIA_METRICS": f"127.0.0.1:{ports.media_metrics}",
        "MEDIA_RECORDINGS": str(var / "recordings"),
        "CLOCK_FILE": str(var / "clock"),
        "PYTHONUNBUFFERED": "1",  # logs are read while they grow
    }
    inherited = {name: value for name, value in os.environ.items() if name not in OWNER_ADDRESSES}
    chosen = {name: os.environ[name] for name in ours if os.environ.get(name)}
    return {**inherited, **ours, **chosen, "VAR_DIR": str(var)}


def _secrets(var: Path) -> dict[str, str]:
    """Keys made at the first start and kept, so that sessions and tokens outlive a restart."""
    file = var / "demo.secrets"
    if not file.exists():
        file.touch(mode=0o600)
        names = ("SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "MEDIA_SECRET")
        file.write_text("".join(f"{name}={secrets.token_urlsafe(48)}\n" for name in names))
    return dict(line.split("=", 1) for line in file.read_text().splitlines())
