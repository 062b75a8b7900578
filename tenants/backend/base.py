"""django-tenants' PostgreSQL backend, with the organization taken from a ContextVar instead of the connection.

Because a connection belongs to a thread, and async code, sockets and thread pools share threads, the stock attribute answers for the wrong
organization. PostgreSQL 18 reports search_path to the client, so the true path is known without a round trip, after rollbacks and pool
hand-overs too; older servers get a SET each time.
"""

from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured
from django_tenants.postgresql_backend import base as stock
from django_tenants.postgresql_backend.base import DatabaseError, IntegrityError  # noqa: F401 because Django reads them here

from tenants import context
from tenants.backend.introspection import SchemaIntrospection


class DatabaseWrapper(stock.DatabaseWrapper):
    """Search path = [schema in force, "ext"]; never `public` behind an organization's schema."""

    _reported: ClassVar[dict[tuple[str, ...], bytes]] = {}
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
            context.put(context.State(value, context.current().organization))

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

    def _get_cursor_search_paths(self) -> list[str]:
        return [self.schema_name, context.EXTENSIONS]

    def _handle_search_path(self, cursor: Any = None) -> None:
        if self._setting_search_path:
            return
        path = tuple(self._get_cursor_search_paths())
        now = self.connection.pgconn.parameter_status(b"search_path")
        if now is not None and self._reported.get(path) == now:
            return
        self.search_path_set_schemas = None
        super()._handle_search_path(cursor)
        now = self.connection.pgconn.parameter_status(b"search_path")
        if self.search_path_set_schemas and now is not None:
            self._reported[path] = now

    def prepare_database(self) -> None:
        super().prepare_database()
        if self.settings_dict["ENGINE"] != "tenants.backend":
            raise ImproperlyConfigured("DATABASES must use ENGINE tenants.backend")
