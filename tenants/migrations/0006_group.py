from django.db import migrations

PEOPLE = {"free": 10, "practice": 50}
MOST = 100
DESCRIPTIONS = {
    "free": "Two staff members and groups of up to 10, for trying things out.",
    "practice": "Up to 25 staff members, groups of up to 50 and billing, on a host of the platform.",
    "enterprise": "White label on the organization's own domain, groups of up to 100, no other limits.",
}


def add_groups(apps, schema_editor):
    Plan = apps.get_model("tenants", "Plan")
    Entitlement = apps.get_model("tenants", "Entitlement")
    for plan in Plan.objects.all():
        Entitlement.objects.get_or_create(plan=plan, code="group", defaults={"limit": PEOPLE.get(plan.code, MOST)})
    for code, description in DESCRIPTIONS.items():
        Plan.objects.filter(code=code).update(description=description)


def remove_groups(apps, schema_editor):
    apps.get_model("tenants", "Entitlement").objects.filter(code="group").delete()


class Migration(migrations.Migration):
    """How many people fit into one session depends on the plan."""

    dependencies = [("tenants", "0005_plans_as_built")]
    operations = [migrations.RunPython(add_groups, remove_groups)]
