from django.db import migrations

LIMITS = {"storage": {"free": 5, "practice": 100}, "resources": {"free": 350, "practice": 350}}
DESCRIPTIONS = {
    "free": "Two staff members, groups of up to 10 and 5 GB of files, for trying things out.",
    "practice": "Up to 25 staff members, groups of up to 50, 100 GB of files and billing, on a host of the platform.",
    "enterprise": "White label on the organization's own domain, groups of up to 100, no other limits.",
}


def add_limits(apps, schema_editor):
    Plan = apps.get_model("tenants", "Plan")
    Entitlement = apps.get_model("tenants", "Entitlement")
    for plan in Plan.objects.all():
        for code, limits in LIMITS.items():
            Entitlement.objects.get_or_create(plan=plan, code=code, defaults={"limit": limits.get(plan.code)})
    for code, description in DESCRIPTIONS.items():
        Plan.objects.filter(code=code).update(description=description)


def remove_limits(apps, schema_editor):
    apps.get_model("tenants", "Entitlement").objects.filter(code__in=LIMITS).delete()


class Migration(migrations.Migration):
    """How many gigabytes of files an organization has, and how many resources each of its staff may own, depends on the plan."""

    dependencies = [("tenants", "0014_domain_branch_id")]
    operations = [migrations.RunPython(add_limits, remove_limits)]
