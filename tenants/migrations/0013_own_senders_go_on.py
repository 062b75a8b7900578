from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def begin_overlap(apps, schema_editor):
    """A sender of one's own was open to every plan before: who is without white label keeps it for the usual overlap."""
    now = timezone.now()
    ends = now + timedelta(days=30)
    organizations = apps.get_model("tenants", "Organization").objects.exclude(
        plan__entitlements__code="white_label"
    ).exclude(state__in=["closing", "closed"])
    for organization in organizations:
        apps.get_model("tenants", "EntitlementOverride").objects.get_or_create(
            organization=organization,
            code="own_sender",
            defaults={
                "is_on": False, "limit": None, "until": ends, "kept_until": ends,
                "reason": "A sender of one's own was open to every plan before.",
                "set_by": "", "set_at": now,
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0012_entitlement_overrides'),
    ]

    operations = [migrations.RunPython(begin_overlap, migrations.RunPython.noop)]
