"""The website: where it is written. What readers see of it are its public pages."""

from django.utils.translation import gettext_lazy as _

from core.pages.audit_codes import PagesAudit
from core.people.roles import Permission
from portal.manifests import Manifest, NavigationEntry
from portal.pages import presenters
from portal.pages.setup_steps import STEPS

MANIFEST = Manifest(
    app="pages",
    navigation=(
        NavigationEntry(
            "website:pages", "globe", 80, lambda user: user.may(Permission.MANAGE_ORGANIZATION), label=_("Website")
        ),
    ),
    setup_steps=STEPS,
    permissions=(Permission.MANAGE_ORGANIZATION,),
    audit_codes=(PagesAudit,),
    look_samples={"front": presenters.front_sample},
    help={"front_page": ("staff-brand", "staff-words")},
)
