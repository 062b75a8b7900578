"""Socket routes of an organization's host."""

from django.urls import path

from portal.notifications.consumers import PersonConsumer
from sessions_live.consumers.room import RoomConsumer
from sessions_live.consumers.trial import TrialConsumer

socket_routes: list = [
    path("ws/person/", PersonConsumer.as_asgi()),
    path("ws/live/<uuid:room_id>/", RoomConsumer.as_asgi()),
    path("ws/check/", TrialConsumer.as_asgi()),
]
