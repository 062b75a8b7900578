"""Strict readers of the environment: a missing or malformed value stops start-up with a sentence that names the variable and the cure."""

import os
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


class SettingError(SystemExit):
    """Start-up stops with this sentence; SystemExit, because a traceback would hide it."""

    def __init__(self, name: str, problem: str, cure: str) -> None:
        super().__init__(f"{name} {problem}. {cure}")


def text(name: str, default: str | None = None, *, cure: str = "Set it, see .env.example.") -> str:
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise SettingError(name, "is not set", cure)
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value not in ("true", "false"):
        raise SettingError(name, f"is “{value}”", "Use true or false.")
    return value == "true"


def number(name: str, default: int, *, low: int = 0, high: int = 2**31) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or not low <= int(value) <= high:
        raise SettingError(name, f"is “{value}”", f"Use a whole number from {low} to {high}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def url(name: str, default: str | None = None, *, schemes: tuple[str, ...]) -> SplitResult:
    value = text(name, default, cure=f"Use a URL that starts with {' or '.join(s + '://' for s in schemes)}.")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise SettingError(name, "is not a URL", f"{error}.") from error
    if parts.scheme not in schemes:
        raise SettingError(name, f"starts with “{parts.scheme}”", f"Use {' or '.join(s + '://' for s in schemes)}.")
    return parts


def address(name: str, *, schemes: tuple[str, ...]) -> str:
    """The same check, but the text as it was written: `unix:///path` does not survive being taken apart."""
    url(name, schemes=schemes)
    return text(name)


def database(variable: str) -> dict[str, object]:
    """DATABASE_URL -> Django's DATABASES entry: postgresql://user:password@host:port/name, or ?host=/socket/directory&port=n."""
    parts = url(variable, schemes=("postgresql", "postgres"))
    query = dict(parse_qsl(parts.query))
    name = parts.path.lstrip("/")
    if not name:
        raise SettingError(variable, "names no database", "Add it after the host: postgresql://…/name.")
    if not parts.username:
        raise SettingError(variable, "names no user", "Add the login before the host: postgresql://user:password@….")
    return {
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(query.pop("port", parts.port or "")),
        "EXTRA": query,
    }


def email() -> dict[str, object]:
    """EMAIL_URL -> Django's mail settings: smtp://user:password@host:port, smtps:// (TLS), or a provider of anymail: mailgun://key@domain."""
    schemes = ("smtp", "smtps", "smtp+tls", "mailgun", "postmark", "sendgrid", "amazon-ses", "memory")
    parts = url("EMAIL_URL", schemes=schemes)
    if parts.scheme == "memory":
        return {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    if parts.scheme.startswith("smtp"):
        if not parts.hostname:
            raise SettingError("EMAIL_URL", "names no host", "Write smtp://host:port.")
        return {
            "EMAIL_BACKEND": "branding.senders.backend.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
            "EMAIL_TIMEOUT": 10,
        }
    key = unquote(parts.username or "")
    if not key and parts.scheme != "amazon-ses":
        raise SettingError("EMAIL_URL", "holds no key", f"Write {parts.scheme}://KEY@domain.")
    by_provider: dict[str, dict[str, object]] = {
        "mailgun": {"MAILGUN_API_KEY": key, "MAILGUN_SENDER_DOMAIN": parts.hostname},
        "postmark": {"POSTMARK_SERVER_TOKEN": key},
        "sendgrid": {"SENDGRID_API_KEY": key},
        "amazon-ses": {},
    }
    anymail = by_provider[parts.scheme]
    module = parts.scheme.replace("-", "_")
    if secret := text("EMAIL_WEBHOOK_SECRET", ""):
        if not all(secret.partition(":")):
            raise SettingError("EMAIL_WEBHOOK_SECRET", "is no name and password", "Write NAME:PASSWORD.")
        anymail["WEBHOOK_SECRET"] = secret
    if key := text("EMAIL_WEBHOOK_KEY", ""):
        anymail |= {"MAILGUN_WEBHOOK_SIGNING_KEY": key, "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": key}
    backend = f"anymail.backends.{module}.EmailBackend"
    return {"EMAIL_BACKEND": backend, "ANYMAIL": anymail, "MAIL_PROVIDER": module}
