from django.db import migrations

# Wagtail's own migrations put a site and a welcome page into every new schema. Nobody shall meet them: an organization is provisioned with
# pages of its own. One that has those already has nothing left to remove.
_WELCOME = """
    p.depth = 2 AND p.numchild = 0 AND p.slug = 'home' AND p.title = 'Welcome to your new Wagtail site!'
"""
REMOVE = f"""
DELETE FROM wagtailcore_site s USING wagtailcore_page p WHERE p.id = s.root_page_id AND {_WELCOME};
WITH gone AS (DELETE FROM wagtailcore_page p WHERE {_WELCOME} RETURNING p.id)
UPDATE wagtailcore_page SET numchild = numchild - (SELECT count(*) FROM gone) WHERE depth = 1;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    operations = [migrations.RunSQL(REMOVE, migrations.RunSQL.noop)]
