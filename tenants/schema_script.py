"""A schema as one SQL script: compiled from the catalogue once, replayed for each new organization.

With the search path on the template, PostgreSQL prints every definition without a schema name, so that the script needs no text
substitution and keeps every name of constraint, index and sequence.

The script is written for speed. A constraint that is made with its table costs a third less than one that is added; a foreign key that is added
has its table read through, even an empty one. So tables come after those they refer to and bring their keys along; only those
that have rows, or refer to each other in a circle, get foreign keys at the end, all of one table in one statement.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from tenants import context

_COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
           CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
           (SELECT s.relname FROM pg_depend p JOIN pg_class s ON s.oid = p.objid AND s.relkind = 'S'
             WHERE p.refobjid = a.attrelid AND p.refobjsubid = a.attnum AND p.deptype = 'i' LIMIT 1),
           (SELECT k.conname FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum])
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
"""
_CONSTRAINTS = """
    SELECT k.conrelid, k.conname, pg_get_constraintdef(k.oid), k.contype, r.relname
    FROM pg_constraint k LEFT JOIN pg_class r ON r.oid = k.confrelid
    WHERE k.connamespace = %s::regnamespace AND k.contype IN ('c', 'p', 'u', 'x', 'f')
    ORDER BY array_position(ARRAY['c', 'p', 'u', 'x', 'f'], k.contype::text), k.conname
"""
_INDEXES = """
    SELECT pg_get_indexdef(x.indexrelid, 0, true) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    WHERE i.relnamespace = %s::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.relname
"""
_TRIGGERS = """
    SELECT pg_get_triggerdef(g.oid, true) FROM pg_trigger g JOIN pg_class r ON r.oid = g.tgrelid
    WHERE r.relnamespace = %s::regnamespace AND NOT g.tgisinternal ORDER BY r.relname, g.tgname
"""
_UNSUPPORTED = """
    SELECT relkind::text || ' ' || relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind IN ('v', 'm', 'p', 'f', 'c')
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = %s::regnamespace
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = %s::regnamespace AND typtype IN ('e', 'd')
"""


@dataclass
class _Table:
    """One table of the schema: its columns, constraints and rows as SQL. A foreign key comes with the name of the table it refers to."""

    name: str
    columns: list[str]
    rows: list[str]
    keys: list[str] = field(default_factory=list)
    references: list[tuple[str, str]] = field(default_factory=list)

    def create(self, references: Iterable[str]) -> str:
        return f"CREATE TABLE {_quote(self.name)} ({', '.join([*self.columns, *self.keys, *references])})"

    def refer(self, references: Iterable[str]) -> str:
        return f"ALTER TABLE {_quote(self.name)} {', '.join(f'ADD {found}' for found in references)}"


def compile_schema(schema: str) -> str:
    """Return a script that recreates `schema` with its rows, all names unqualified.

    Raises NotImplementedError for what a template must not contain: views, functions, partitions, own types.
    """
    with (
        context.as_database_owner(),
        context.schema_context(schema),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        unsupported = _rows(cursor, _UNSUPPORTED, schema, schema, schema)
        if unsupported:
            raise NotImplementedError(f"cannot be compiled: {[row[0] for row in unsupported][:5]}")
        tables = _tables(cursor, schema)
        creates, refers = _creation(tables)
        statements = [*creates, *(row for table in tables for row in table.rows)]
        statements += [row[0] for row in _rows(cursor, _INDEXES, schema)]
        statements += refers
        statements += [row[0] for row in _rows(cursor, _TRIGGERS, schema)]
        statements += _set_sequences(cursor, schema)
    return ";\n".join(statements)


def drop(schema: str) -> None:
    """Drop a schema with everything in it, and the role of the organization that it was."""
    with context.as_database_owner(), context.public_context(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_quote(schema)} CASCADE")
        cursor.execute(f"DROP ROLE IF EXISTS {_quote(schema)}")


def exists(schema: str) -> bool:
    with context.public_context(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [schema])
        return cursor.fetchone() is not None


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _rows(cursor: Any, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    cursor.execute(sql, parameters)
    return cursor.fetchall()


def _tables(cursor: Any, schema: str) -> list[_Table]:
    listed = _rows(
        cursor,
        "SELECT oid, relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY 2",
        schema,
    )
    tables = {}
    for oid, name in listed:
        columns = [_column(*column) for column in _rows(cursor, _COLUMNS, oid)]
        tables[oid] = _Table(name, columns, _insert_rows(cursor, oid, name))
    for oid, name, definition, kind, target in _rows(cursor, _CONSTRAINTS, schema):
        words = f"CONSTRAINT {_quote(name)} {definition}"
        if kind == "f":
            tables[oid].references.append((words, target))
        else:
            tables[oid].keys.append(words)
    return list(tables.values())


def _creation(tables: list[_Table]) -> tuple[list[str], list[str]]:
    """Return the statements that create the tables, each after those it refers to, and those that add what could not come along."""
    creates, refers, waiting, made = [], [], list(tables), set()
    while waiting:
        # One that waits for nobody, or, in a circle, the one that waits for fewest.
        table = min(waiting, key=lambda found: len({target for _, target in found.references} - made - {found.name}))
        waiting.remove(table)
        made.add(table.name)
        # Foreign keys that are there before the rows would be checked row by row.
        along = [words for words, target in table.references if target in made and not table.rows]
        later = [words for words, _ in table.references if words not in along]
        creates.append(table.create(along))
        refers += [table.refer(later)] if later else []
    return creates, refers


def _column(
    name: str,
    kind: str,
    not_null: bool,
    default: str | None,
    identity: str,
    generated: str,
    collation: str | None,
    sequence: str | None,
    not_null_name: str | None,
) -> str:
    words = [_quote(name), kind]
    if collation:
        words.append(f"COLLATE {collation}")
    if generated:
        words.append(f"GENERATED ALWAYS AS ({default}) " + ("STORED" if generated == "s" else "VIRTUAL"))
    elif default:
        words.append(f"DEFAULT {default}")
    if identity:
        kind = "ALWAYS" if identity == "a" else "BY DEFAULT"
        words.append(f"GENERATED {kind} AS IDENTITY (SEQUENCE NAME {_quote(sequence or '')})")
    if not_null:
        # Since PostgreSQL 18 it is a constraint with a name, which a rename of the column does not change.
        words.append(f"CONSTRAINT {_quote(not_null_name)} NOT NULL" if not_null_name else "NOT NULL")
    return " ".join(words)


def _insert_rows(cursor: Any, oid: int, table: str) -> list[str]:
    columns = [
        row[0]
        for row in _rows(
            cursor,
            "SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            oid,
        )
    ]
    literals = ", ".join(f"quote_nullable({_quote(column)}::text)" for column in columns)
    rows = _rows(cursor, f"SELECT concat_ws(', ', {literals}) FROM {_quote(table)}")
    if not rows:
        return []
    names = ", ".join(_quote(column) for column in columns)
    return [f"INSERT INTO {_quote(table)} ({names}) VALUES " + ", ".join(f"({row[0]})" for row in rows)]


def _set_sequences(cursor: Any, schema: str) -> list[str]:
    rows = _rows(
        cursor,
        "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL",
        schema,
    )
    return [f"SELECT setval('{_quote(name)}', {value})" for name, value in rows]
