"""Many organizations at once through each entrance: every answer must be the asking organization's own."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from asgiref.sync import sync_to_async
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from branding.models import Brand
from deploy.celery import app
from tenants import context
from tenants.middleware import OrganizationMiddleware
from tenants.models import Organization
from tenants.sockets import OrganizationSocket
from tenants.tasks import HEADER, OrganizationTask

Named = tuple[str, Organization]  # host and organization
THREADS = 8
TASKS = 16


class Found(NamedTuple):
    """How many answers an entrance gave, and how many of them were another organization's."""

    asked: int
    wrong: int


def _name_here() -> str:
    return Brand.objects.values_list("name", flat=True).get()


def _name_in_a_thread() -> str:
    """For threads that end with their loop: a connection that nobody closes never comes back to the pool."""
    try:
        return _name_here()
    finally:
        connection.close()


def sync_views(organizations: list[Named], number: int) -> Found:
    """Requests in threads, through the real middleware."""
    serve = OrganizationMiddleware(lambda request: HttpResponse(_name_here()))
    requests = RequestFactory()

    def ask(host: str, organization: Organization) -> bool:
        return serve(requests.get("/", headers={"host": host})).content.decode() == organization.name

    return _in_threads(organizations, number, ask)


def async_views(organizations: list[Named], number: int) -> Found:
    """Tasks on one loop; each asks asynchronously, in a thread of asyncio and in one of asgiref, between other tasks."""

    async def view(request: HttpRequest, organization: Organization) -> int:
        await asyncio.sleep(0)
        names = [
            await Brand.objects.values_list("name", flat=True).aget(),
            await asyncio.to_thread(_name_in_a_thread),
            await sync_to_async(_name_in_a_thread)(),
        ]
        return sum(name != organization.name for name in names)

    async def ask(host: str, organization: Organization) -> int:
        with context.organization_context(organization):
            return await view(HttpRequest(), organization)

    async def some(seed: int, times: int) -> int:
        chance = random.Random(seed)
        return sum([await ask(*chance.choice(organizations)) for _ in range(times)])

    async def all_of_them(times: int) -> int:
        return sum(await asyncio.gather(*(some(seed, times) for seed in range(TASKS))))

    times = math.ceil(number / (3 * TASKS))
    return Found(3 * TASKS * times, asyncio.run(all_of_them(times)))


def websockets(organizations: list[Named], number: int) -> Found:
    """One open socket per organization, messages interleaved."""

    async def consumer(scope: object, receive: Callable, send: Callable) -> None:
        while (event := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": await sync_to_async(_name_in_a_thread)()})
        assert event

    async def one(host: str, organization: Organization, messages: int) -> int:
        inbox, outbox = asyncio.Queue(), asyncio.Queue()
        headers = [(b"host", host.encode()), (b"origin", f"http://{host}".encode())]
        scope = {"type": "websocket", "headers": headers}
        task = asyncio.create_task(OrganizationSocket(consumer)(scope, inbox.get, outbox.put))
        wrong = 0
        for _ in range(messages):
            await inbox.put({"type": "websocket.receive"})
            wrong += (await outbox.get())["text"] != organization.name
        await inbox.put({"type": "websocket.disconnect"})
        await task
        return wrong

    async def all_of_them(share: int) -> int:
        return sum(await asyncio.gather(*(one(host, organization, share) for host, organization in organizations)))

    share = math.ceil(number / len(organizations))
    return Found(share * len(organizations), asyncio.run(all_of_them(share)))


class _Look(OrganizationTask):
    name = "bench.look"

    def run(self) -> str:
        return _name_here()


def jobs(organizations: list[Named], number: int) -> Found:
    """Celery tasks that know their organization by the header alone."""
    task = app.register_task(_Look())

    def ask(host: str, organization: Organization) -> bool:
        task.push_request(headers={HEADER: organization.schema_name})
        try:
            return task() == organization.name
        finally:
            task.pop_request()

    return _in_threads(organizations, number, ask)


def cache(organizations: list[Named], number: int) -> Found:
    """One key in every organization."""

    def ask(host: str, organization: Organization) -> bool:
        with context.organization_context(organization):
            caches["default"].set("bench", organization.name)
            return caches["default"].get("bench") == organization.name

    return _in_threads(organizations, number, ask)


def storage(organizations: list[Named], number: int) -> Found:
    """One file name in every organization."""
    for _, organization in organizations:
        with context.organization_context(organization):
            default_storage.delete("bench.txt")
            default_storage.save("bench.txt", ContentFile(organization.name.encode()))

    def ask(host: str, organization: Organization) -> bool:
        with context.organization_context(organization), default_storage.open("bench.txt") as file:
            return file.read().decode() == organization.name

    return _in_threads(organizations, number, ask)


def content_types(organizations: list[Named], number: int) -> Found:
    """The identifier of one content type, which differs between the organizations here (`shift_content_types`)."""
    wanted = {}
    for _, organization in organizations:
        with context.organization_context(organization), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM django_content_type WHERE app_label = 'branding' AND model = 'brand'")
            wanted[organization.pk] = cursor.fetchone()[0]

    def ask(host: str, organization: Organization) -> bool:
        with context.organization_context(organization):
            return ContentType.objects.get_for_model(Brand).pk == wanted[organization.pk]

    return _in_threads(organizations, number, ask)


def shift_content_types(organization: Organization, by: int) -> None:
    """Give one organization an identifier of its own for a content type, so that a mix-up would show."""
    with context.organization_context(organization), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_content_type (id, app_label, model) VALUES (%s, 'branding', 'brand_moved')", [by]
        )
        cursor.execute(
            "UPDATE django_content_type SET model = 'brand_old' WHERE app_label = 'branding' AND model = 'brand'"
        )
        cursor.execute("UPDATE django_content_type SET model = 'brand' WHERE model = 'brand_moved'")


ENTRANCES = (sync_views, async_views, websockets, jobs, cache, storage, content_types)


def _in_threads(organizations: list[Named], number: int, ask: Callable[[str, Organization], bool]) -> Found:
    times = math.ceil(number / THREADS)

    def some(seed: int) -> int:
        chance = random.Random(seed)
        try:
            return sum(not ask(*chance.choice(organizations)) for _ in range(times))
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return Found(THREADS * times, sum(pool.map(some, range(THREADS))))
