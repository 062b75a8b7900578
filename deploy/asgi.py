"""The ASGI application: pages by Django, sockets by Channels, each inside its organization."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings.base")
if not os.environ.get("DATABASE_STATEMENT_SECONDS"):
    os.environ["DATABASE_STATEMENT_SECONDS"] = "10"  # because somebody looks at an empty page meanwhile
_pages = get_asgi_application()

# After Django is set up: the routes import consumers, and those import models.
from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from deploy.urls.sockets import socket_routes  # noqa: E402
from tenants import login_check  # noqa: E402
from tenants.sockets import OrganizationSocket  # noqa: E402

login_check.stop_if_unsafe()

application = ProtocolTypeRouter(
    {"http": _pages, "websocket": OrganizationSocket(AuthMiddlewareStack(URLRouter(socket_routes)))}
)
