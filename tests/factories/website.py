"""An organization's website as tests write and read it."""

from datetime import timedelta

from django.test import Client as Browser

from core.kernel import clock
from core.pages import actions


def soon():
    return clock.now() + timedelta(hours=1)


def add(site, title="Team", slug="team", parent=None, **more):
    return actions.add_page(parent=parent or site.home, title=title, slug=slug, language="en", by=site.nora, **more)


def read(path, status=200, **headers):
    answer = Browser().get(path, headers={"host": "north.test", **headers})
    assert answer.status_code == status, path
    return answer.content.decode()


def publish(site, page):
    actions.publish_page(page=page, by=site.nora)
