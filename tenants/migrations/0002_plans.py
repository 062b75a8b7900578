from django.db import migrations

PLANS = {
    "free": ("Free", "Two staff members, for trying things out.", {"staff": 2, "live": None}),
    "practice": ("Practice", "A practice under its own name.", {"staff": 25, "live": None, "billing": None}),
    "enterprise": (
        "Enterprise",
        "White label on the organization's own domain, programming interface, no limits.",
        {"staff": None, "live": None, "billing": None, "white_label": None, "api": None},
    ),
}
GUARD = """
CREATE TRIGGER tenants_organizationevent_append_only BEFORE UPDATE OR DELETE ON tenants_organizationevent
FOR EACH ROW EXECUTE FUNCTION ext.refuse_change()
"""


def add_plans(apps, schema_editor):
    Plan = apps.get_model("tenants", "Plan")
    Entitlement = apps.get_model("tenants", "Entitlement")
    for position, (code, (name, description, entitlements)) in enumerate(PLANS.items()):
        plan = Plan.objects.create(code=code, name=name, description=description, position=position)
        for entitlement, limit in entitlements.items():
            Entitlement.objects.create(plan=plan, code=entitlement, limit=limit)


class Migration(migrations.Migration):
    """The plans on offer, and an append-only history of organizations."""

    dependencies = [("tenants", "0001_initial")]
    operations = [
        migrations.RunPython(add_plans, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, "DROP TRIGGER tenants_organizationevent_append_only ON tenants_organizationevent"),
    ]
