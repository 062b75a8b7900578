import json
import uuid

import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models
from django.utils.html import linebreaks

import core.kernel.clock
import core.kernel.ids
import core.pages.sections

FIELDS = ("about", "contact", "headline", "introduction")


LONG = 600  # of the text in an opening or beside the address


def parts_of(headline, introduction, about, contact):
    """The sections of a front page; a text too long for its place stands whole in a section of its own."""
    parts = [("hero", {"heading": headline, "text": fitting(introduction), "button": "", "target": ""})]
    if introduction != fitting(introduction):
        parts.append(text_section(linebreaks(introduction, autoescape=True)))
    if about:
        parts.append(text_section(about))
    if contact:
        parts.append(("contact", {"heading": "", "text": fitting(contact), "hours": ""}))
    if contact != fitting(contact):
        parts.append(text_section(linebreaks(contact, autoescape=True)))
    return parts


def fitting(text):
    return text if len(text) <= LONG else ""


def text_section(body):
    return "text", {"heading": "", "body": body, "picture": "", "alt": "", "side": "end"}


def keep_front_page(apps, schema_editor):
    """A front page that somebody has written becomes sections; its versions of before, which have none, are not offered any more."""
    brand = apps.get_model("branding", "Brand").objects.filter(is_current=True).first()
    language = (brand.languages or ["en"])[0] if brand else "en"
    PageText = apps.get_model("pages", "PageText")
    Page = apps.get_model("wagtailcore", "Page")
    for home in apps.get_model("pages", "HomePage").objects.filter(latest_revision__isnull=False):
        parts = parts_of(home.headline, home.introduction, home.about, home.contact)
        sections = [{"id": str(uuid.uuid4()), "type": kind, "value": value} for kind, value in parts]
        PageText.objects.create(
            page_id=home.pk, language=language, title=home.headline or home.title, sections=json.dumps(sections)
        )
        Page.objects.filter(pk=home.pk).update(latest_revision=None, live_revision=None, has_unpublished_changes=False)


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0003_help_has_moved"),
        ("branding", "0004_sender_moved"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SitePage",
            fields=[
                ("page_ptr", models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={"abstract": False},
            bases=("wagtailcore.page",),
        ),
        migrations.CreateModel(
            name="SitePicture",
            fields=[
                ("id", models.UUIDField(default=core.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("large", models.FileField(upload_to="pages/")),
                ("small", models.FileField(upload_to="pages/")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("small_width", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(default=core.kernel.clock.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name="PageText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("title", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, max_length=300)),
                ("sections", core.pages.sections.SectionsField(blank=True)),
                ("page", modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name="texts", to=settings.WAGTAIL_PAGE_MODEL)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("page", "language"), name="page_text_once")]},
        ),
        migrations.RunPython(keep_front_page, migrations.RunPython.noop),
        # The columns go one release later, because the release before still writes them.
        migrations.RunSQL(
            [f"ALTER TABLE pages_homepage ALTER COLUMN {field} SET DEFAULT ''" for field in FIELDS], migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                *(migrations.RemoveField("homepage", field) for field in FIELDS),
                migrations.DeleteModel("ArticlePage"),
            ]
        ),
    ]
