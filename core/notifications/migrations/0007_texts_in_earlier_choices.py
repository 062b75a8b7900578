from django.db import migrations

TOPICS = ("appointments", "live", "reminders")  # what there were text messages about


def add_texts(apps, schema_editor):
    """Whoever chose before there were text messages did not choose against them; they reach only those who give a number.

    Where an organization has them already, people have seen them, and their choice stays; and so does what was muted wholly.
    """
    settings = apps.get_model("notifications", "NotificationSettings").objects.filter(is_current=True).first()
    if settings is not None and settings.has_texts:
        return
    if settings is not None:
        for topic in TOPICS:
            if settings.usual.get(topic) and "sms" not in settings.usual[topic]:
                settings.usual[topic] = sorted([*settings.usual[topic], "sms"])
        settings.save(update_fields=["usual"])
    chosen = apps.get_model("notifications", "ChannelPreference").objects.filter(topic__in=TOPICS)
    for row in chosen.exclude(channels=[]).exclude(channels__contains=["sms"]):
        row.channels = sorted([*row.channels, "sms"])
        row.save(update_fields=["channels"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_text_messages")]

    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop)]
