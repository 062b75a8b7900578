"""Subqueries that stand in many lists and are always the same: their SQL is put together once in a process, which takes longer than to answer it."""

import re
from functools import cached_property
from typing import Any

from django.db.models import Func, Model, Subquery

# Django calls the tables of a subquery U0, U1, …, and so it calls those of the query around it where that is one itself.
_ALIAS = re.compile(r"\bU(\d+)\b")


class KeptSubquery(Func):
    """The same as `subquery` in a query of `model`, as far as that reads `columns` of the row around it.

    It must name no moment, no person and no text of the request, because it is asked in every organization as it was put together first.
    """

    def __init__(self, subquery: Subquery, model: type[Model], *columns: str) -> None:
        super().__init__(*columns, output_field=subquery.output_field)
        self.subquery, self.model, self.columns = subquery, model, columns

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return KeptSubquery, id(self.subquery), *(each.identity for each in self.get_source_expressions())

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]  # because it has no template
        """The kept SQL, with the row around it under the name that it has here."""
        kept = self.subquery.__dict__.setdefault("_kept", {})
        if connection.vendor not in kept:
            kept[connection.vendor] = self._compiled(connection)
        pieces, values = kept[connection.vendor]
        places = [compiler.compile(each)[0] for each in self.get_source_expressions()]
        return "".join(places[each] if isinstance(each, int) else each for each in pieces), list(values)

    def _compiled(self, connection: Any) -> tuple[list[str | int], list[Any]]:
        """The SQL in pieces: texts, and the numbers of the columns between them."""
        query = self.model._base_manager.all().query
        query.get_initial_alias()
        compiler = query.get_compiler(connection=connection)
        sql, values = compiler.compile(self.subquery.resolve_expression(query))
        names = [compiler.compile(query.resolve_ref(column))[0] for column in self.columns]
        parts = re.split("|".join(f"({re.escape(name)})" for name in names), _ALIAS.sub(r"K\1", sql))
        pieces = [names.index(part) if part in names else part for part in parts if part]
        return pieces, list(values)
