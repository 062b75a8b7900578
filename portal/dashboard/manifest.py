"""The way home."""

from django.utils.translation import gettext_lazy as _

from portal.manifests import Manifest, NavigationEntry
from portal.navigation import everybody

MANIFEST = Manifest(
    app="dashboard",
    navigation=(NavigationEntry("dashboard:home", "house", 10, everybody, label=_("Home")),),
    help={"dashboard": ("appointments", "join", "cancel", "staff-start", "staff-book", "staff-complete")},
)
