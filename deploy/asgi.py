"""The ASGI application: pages by Django, sockets by Channels, each inside its organization."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings.base")
if not os.environ.get("DATABASE_STATEMENT_SECONDS"):
    os.environ["DATABASE_STATEMENT_SECONDS"] = "10"  # because somebody looks at an empty page meanwhile
_pages = get_asgi_application()

# After Django is set up: the routes import consumers, and those import models.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from deploy.urls.sockets import socket_routes  # noqa: E402
from sessions_live.consumers.sign_in import SignInSocket  # noqa: E402
from tenants import login_check, shares  # noqa: E402
from tenants.bodies import BoundedBodies  # noqa: E402
from tenants.shared_pages import SharedPages  # noqa: E402
from tenants.sockets import OrganizationSocket  # noqa: E402

login_check.stop_if_unsafe()

# A third of the connections is left to sockets.
_places = shares.put_in_force(shares.Shares(settings.DATABASE_POOL * 2 // 3))

application = ProtocolTypeRouter(
    {
        "http": BoundedBodies(SharedPages(_pages, _places)),
        "websocket": OrganizationSocket(SignInSocket(URLRouter(socket_routes))),
    }
)
