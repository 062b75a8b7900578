from django.db import migrations

DESCRIPTIONS = {
    "free": "Two staff members, for trying things out.",
    "practice": "Up to 25 staff members and billing, on a host of the platform.",
    "enterprise": "White label on the organization's own domain, no limits.",
}


def describe(apps, schema_editor):
    apps.get_model("tenants", "Entitlement").objects.filter(code="api").delete()
    for code, description in DESCRIPTIONS.items():
        apps.get_model("tenants", "Plan").objects.filter(code=code).update(description=description)


class Migration(migrations.Migration):
    """Plans promise only what is built: there is no programming interface yet."""

    dependencies = [("tenants", "0004_due_work_per_promise")]
    operations = [migrations.RunPython(describe, migrations.RunPython.noop)]
