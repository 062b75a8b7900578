from django.db import migrations

# Help was a few pages here that nobody could write; it is an app of its own now, under the same addresses. Where somebody has written one of
# them all the same, all stay: they are no longer served, and nothing is lost.
_OLD = """
    SELECT p.id FROM wagtailcore_page p JOIN pages_articlepage a ON a.page_ptr_id = p.id
    WHERE p.url_path LIKE '/home/help/%' AND NOT EXISTS (
        SELECT 1 FROM wagtailcore_page w WHERE w.url_path LIKE '/home/help/%' AND w.latest_revision_id IS NOT NULL
    )
"""
REMOVE = f"""
UPDATE wagtailcore_page SET numchild = numchild - 1
WHERE depth = 2 AND url_path = '/home/' AND EXISTS (
    SELECT 1 FROM wagtailcore_page h WHERE h.url_path = '/home/help/' AND h.id IN ({_OLD})
);
DELETE FROM wagtailsearch_indexentry e USING django_content_type t
WHERE t.id = e.content_type_id AND t.app_label = 'pages' AND t.model = 'articlepage'
AND e.object_id IN (SELECT id::text FROM ({_OLD}) old);
CREATE TEMPORARY TABLE old_help ON COMMIT DROP AS {_OLD};
DELETE FROM pages_articlepage WHERE page_ptr_id IN (SELECT id FROM old_help);
DELETE FROM wagtailcore_page WHERE id IN (SELECT id FROM old_help);
DROP TABLE old_help;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_no_welcome_page"), ("wagtailsearch", "0010_add_text_fields")]

    operations = [migrations.RunSQL(REMOVE, migrations.RunSQL.noop)]
