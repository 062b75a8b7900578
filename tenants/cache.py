"""Cache keys that carry the schema in force."""

from tenants import context


def make_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of every cache alias."""
    return f"{context.current().schema}:{key_prefix}:{version}:{key}"
