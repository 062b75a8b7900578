"""Resources: a list for everybody who works here, and the store."""

from django.utils.translation import gettext_lazy as _

from core.files.purposes import Purpose
from core.files.rules.file_types import Kind
from core.resources.actions import FRESH_COPY, PURPOSE
from core.resources.actions.cards import CARD_PICTURE, CARD_SOUND
from core.resources.audit_codes import ResourceAudit
from core.resources.permissions import can_have_resources
from core.resources.queries import check_room
from portal.manifests import Manifest, NavigationEntry

KINDS = frozenset(Kind) - {Kind.OTHER}

MANIFEST = Manifest(
    app="resources",
    navigation=(NavigationEntry("resources:list", "folder-open", 42, can_have_resources, label=_("Resources")),),
    audit_codes=(ResourceAudit,),
    upload_purposes=(
        Purpose(PURPOSE, may=can_have_resources, check_room=check_room, kinds=KINDS),
        Purpose(FRESH_COPY, may=can_have_resources, kinds=KINDS),
        Purpose(CARD_PICTURE, may=can_have_resources, kinds=frozenset({Kind.PICTURE})),
        Purpose(CARD_SOUND, may=can_have_resources, kinds=frozenset({Kind.AUDIO})),
    ),
)
