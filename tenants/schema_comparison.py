"""Comparing two schemas by PostgreSQL's catalogue: columns, constraints, indexes, sequences, triggers, and the rows that migrations wrote."""

import re
from collections.abc import Iterable

from django.db import connection

from tenants import context

_QUESTIONS = {
    "column": """
        SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
            || ' default ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '-')
            || ' identity ' || a.attidentity::text || ' generated ' || a.attgenerated::text
            || ' collation ' || a.attcollation::regcollation::text || ' storage ' || a.attstorage::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = %s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """
        SELECT r.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) || ' ' || k.convalidated
        FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid WHERE k.connamespace = %s::regnamespace""",
    "index": """
        SELECT pg_get_indexdef(x.indexrelid, 0, true) || ' ' || x.indisvalid || ' ' || x.indisreplident
        FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE i.relnamespace = %s::regnamespace""",
    "sequence": """
        SELECT sequencename || ' ' || data_type || ' ' || start_value || ' ' || increment_by || ' ' || max_value || ' ' || cycle
        FROM pg_sequences WHERE schemaname = %s""",
    "trigger": """
        SELECT pg_get_triggerdef(g.oid, true) FROM pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid
        WHERE r.relnamespace = %s::regnamespace AND NOT g.tgisinternal""",
    "migration": "SELECT app || '.' || name FROM django_migrations WHERE %s <> ''",
    "content type": "SELECT app_label || '.' || model FROM django_content_type WHERE %s <> ''",
    "permission": """
        SELECT app_label || '.' || codename FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id WHERE %s <> ''""",
}

# When a printed definition is read again, casts of constants are folded: `(ARRAY['a'::varchar])::text[]` comes back as
# `ARRAY['a'::varchar::text]`. The meaning is the same; so casts between texts, and parentheses, are left out of the comparison.
_FOLDED = re.compile(r"::character varying(\(\d+\))?|::text(\[\])?|[()]")


@context.as_database_owner()
def describe(schema: str) -> frozenset[tuple[str, str]]:
    """Return (kind, definition) for everything in the schema, without the schema's own name."""
    with context.schema_context(schema), connection.cursor() as cursor:
        found: set[tuple[str, str]] = set()
        for kind, question in _QUESTIONS.items():
            cursor.execute(question, [schema])
            found.update((kind, row[0] if kind == "column" else _FOLDED.sub("", row[0])) for row in cursor.fetchall())
    return frozenset(found)


def differences(one: str, other: str) -> list[str]:
    """What only one of two schemas has, as lines to read; empty when they are the same."""
    left, right = describe(one), describe(other)
    return [*_lines(f"only in {one}", left - right), *_lines(f"only in {other}", right - left)]


def _lines(where: str, found: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{where}: {kind} {definition}" for kind, definition in sorted(found)]
