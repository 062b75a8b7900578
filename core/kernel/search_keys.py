"""The stored forms in which names are found and sorted, whatever their accents, capitals and apostrophes.

PostgreSQL makes them itself, in generated columns, by the functions of `SQL`: so no writer can forget them, the release before included. They
are changed by new functions under new names, because rows keep what the old ones made.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Lookup

SCHEMA = "ext"

# Small letters without marks, letters that no decomposition takes apart written in plain ones, apostrophes and what cannot be seen left out,
# everything else that is no letter, digit or @ as one space.
_INVISIBLE = (
    r"\00AD\034F\061C\115F\1160\17B4\17B5\180B-\180F\200B-\200F\202A-\202E\2060-\206F\2800\3164\FE00-\FE0F\FEFF\FFA0"
)
_MARKS = (
    r"\0300-\036F\0483-\0489\0591-\05BD\05BF\05C1\05C2\05C4\05C5\05C7\0610-\061A\064B-\065F\0670\1AB0-\1AFF\1DC0-\1DFF"
    r"\20D0-\20FF\FE20-\FE2F"
)
_APOSTROPHES = r"''\2018\2019\201A\201B\02B9\02BB\02BC\02BD\02C8\2032\00B4\0060\FF07\05F3"
_SPACES = (
    r"\0001-\0020!\0022#$%&()*+,./:;<=>?\005B\005C\005C\005C\005D\005E_{|}~\00A0-\00A9\00AB\00AC\00AE-\00B1\00B6-\00B8\00BB\00BF"
    r"\2010-\201F\2020-\2027\2030\2039\203A\3000-\3003-"
)

SQL = f"""
CREATE OR REPLACE FUNCTION {SCHEMA}.folded(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT btrim(regexp_replace(replace(replace(replace(replace(translate(
    regexp_replace(
        lower(normalize(translate(words, U&'{_APOSTROPHES}', ''), NFKD)), U&'[{_INVISIBLE}{_MARKS}]', '', 'g'
    ),
    U&'\\0131\\0142\\00F8\\0111\\0127\\0167\\03C2', U&'ilodht\\03C3'),
    U&'\\00DF', 'ss'), U&'\\00E6', 'ae'), U&'\\0153', 'oe'), U&'\\00FE', 'th'),
    U&'[{_SPACES}]+', ' ', 'g'))
$$;
CREATE OR REPLACE FUNCTION {SCHEMA}.digits(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(normalize(words, NFKD), '[^0-9]+', '', 'g')
$$;
CREATE OR REPLACE FUNCTION {SCHEMA}.sorted(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT coalesce(
    nullif({SCHEMA}.folded(replace(lower(normalize(words, NFC)), U&'\\00F1', U&'n\\024F')), ''), U&'\\FFFD'
)
$$;
"""


class Folded(models.Func):
    """What is found: “Ångström O’Rourke-Meyer” is `angstrom orourke meyer`."""

    function = f"{SCHEMA}.folded"
    output_field = models.TextField()


class Digits(models.Func):
    """A telephone number as one word, of digits only."""

    function = f"{SCHEMA}.digits"
    output_field = models.TextField()


class Sorted(models.Func):
    """What is sorted by, in the order of bytes: folded, ñ after n, and what has no name at the end."""

    function = f"{SCHEMA}.sorted"
    output_field = models.TextField()


def search_key(*names: Any, phone: str = "") -> models.GeneratedField:
    """A column in which the words of these columns are found, and the digits of the telephone number."""
    parts: Any = folded(*names)
    if phone:
        parts = _joined(parts, Digits(phone))
    return models.GeneratedField(expression=parts, output_field=models.TextField(), db_persist=True)


def folded(*names: Any) -> Folded:
    """The same for a query over few rows, which have no such column."""
    return Folded(_joined(*names))


def sort_key(*names: str) -> models.GeneratedField:
    """A column by which rows are sorted: the first of these columns, then the next."""
    return models.GeneratedField(
        expression=Sorted(_joined(*names)), output_field=models.TextField(db_collation="C"), db_persist=True
    )


def search_index(name: str) -> GinIndex:
    """The index of the column `search_key`: by its three-letter pieces, so that it serves what is contained and what resembles."""
    return GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name=name)


def _joined(*parts: Any) -> Any:
    if len(parts) == 1:
        return parts[0]
    between: list[Any] = []
    for part in parts:
        between += [models.Value(" "), part] if between else [part]
    return Joined(*between)


class Joined(models.Func):
    """One text after the other. Not `Concat`, because PostgreSQL takes only `||` for immutable."""

    template = "(%(expressions)s)"
    arg_joiner = " || "
    output_field = models.TextField()


class Resembles(Lookup):  # type: ignore[type-arg]  # generic in its stubs only
    """`key__resembles=word`: the folded word, or one like it, stands in the key (three letters in common at a time)."""

    lookup_name = "resembles"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        key, key_values = self.process_lhs(compiler, connection)
        word, word_values = self.process_rhs(compiler, connection)
        return f"{word} OPERATOR({SCHEMA}.<%%) {key}", [*word_values, *key_values]


models.TextField.register_lookup(Resembles)
