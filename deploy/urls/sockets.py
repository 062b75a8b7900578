"""Socket routes of an organization's host."""

from django.urls import path

from portal.notifications.consumers import PersonConsumer

socket_routes: list = [
    path("ws/person/", PersonConsumer.as_asgi()),
]
