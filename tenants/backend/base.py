"""django-tenants' PostgreSQL backend, with the organization taken from a ContextVar instead of the connection.

Because a connection belongs to a thread, and async code, sockets and thread pools share threads, the stock attribute answers for the wrong
organization. PostgreSQL 18 reports search_path to the client, so the true path is known without a round trip, after rollbacks and pool
hand-overs too; older servers get a SET each time. The role is not reported; because role and path are only ever set together, in one statement,
and undone together, the path says the role too. The database owner's path differs by a schema at its end, in which nothing is.
"""

from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.utils import OperationalError
from django_tenants.postgresql_backend import base as stock
from django_tenants.postgresql_backend.base import DatabaseError, IntegrityError  # noqa: F401 because Django reads them here
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from tenants import context, roles, shares
from tenants.backend.introspection import SchemaIntrospection
from tenants.deadlines import ConnectionWithDeadline

_ENTER = "SELECT set_config('role', {role}, false), set_config('search_path', {path}, false)"


class DatabaseWrapper(stock.DatabaseWrapper):
    """Role and search path = those of the schema in force and "ext"; never `public` behind an organization's schema."""

    _paths: ClassVar[dict[tuple[str, bool], bytes]] = {}
    _booting = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._booting = True  # because a new thread's wrapper must not reset the caller's context
        try:
            super().__init__(*args, **kwargs)
        finally:
            self._booting = False
        self.introspection = SchemaIntrospection(self)

    @property
    def schema_name(self) -> str:
        return context.current().schema

    @schema_name.setter
    def schema_name(self, value: str | None) -> None:
        if not self._booting and value is not None:
            context.put(replace(context.current(), schema=value))

    @property
    def tenant(self) -> Any:
        state = context.current()
        return state.organization or stock.FakeTenant(schema_name=state.schema)

    @tenant.setter
    def tenant(self, value: Any) -> None:
        """Ignored: `set_tenant` is the one way in."""

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:
        """django-tenants' entrance. `include_public` is ignored: nothing ever falls through to `public`."""
        if self._booting:
            return
        organization = None if isinstance(tenant, stock.FakeTenant) else tenant
        context.put(context.State(tenant.schema_name, organization))

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Enter role and path in force, in one statement, unless the connection is there already."""
        if self._setting_search_path:
            return
        shares.give_way()
        schema, as_owner = self.schema_name, context.is_database_owner()
        wanted = (schema, as_owner)
        path = self._paths.get(wanted) or self._paths.setdefault(wanted, _path(schema, as_owner=as_owner))
        if self.connection.pgconn.parameter_status(b"search_path") == path:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # every statement is refused until the rollback, which brings the path back too
        enter = _ENTER.format(role=_literal(roles.role_of(schema, as_owner=as_owner)), path=_literal(path.decode()))
        self._setting_search_path = True
        try:
            if cursor is not None:
                cursor.execute(enter)
            else:
                with self.wrap_database_errors, self.connection.cursor() as own:
                    own.execute(enter)
        finally:
            self._setting_search_path = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.pool:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return ConnectionWithDeadline.connect(**conn_params)

    def _configure_connection(self, connection: Any) -> bool:
        """Every new connection, the pool's too: never as a superuser where that is refused. The server says so without being asked."""
        if settings.REFUSE_SUPERUSER and connection.pgconn.parameter_status(b"is_superuser") == b"on":
            raise OperationalError("DATABASE_URL connects as a superuser; see docs/operations.md")
        return bool(super()._configure_connection(connection))

    def prepare_database(self) -> None:
        super().prepare_database()
        if self.settings_dict["ENGINE"] != "tenants.backend":
            raise ImproperlyConfigured("DATABASES must use ENGINE tenants.backend")


def _path(schema: str, *, as_owner: bool) -> bytes:
    """The search path as the server will report it."""
    names = [schema, context.EXTENSIONS, *([context.NOBODY] if as_owner else [])]
    return ", ".join('"{}"'.format(name.replace('"', '""')) for name in names).encode()


def _literal(text: str) -> str:
    """Text as a literal: names of schemas and roles, which are ours, so that no round trip is spent on a parameter."""
    return "'{}'".format(text.replace("'", "''"))
