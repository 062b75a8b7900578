"""Socket routes of an organization's host."""

from channels.routing import URLRouter  # noqa: F401 because rooms add nested routers here

socket_routes: list = []
