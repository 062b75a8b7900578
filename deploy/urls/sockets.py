"""Socket routes of an organization's host."""

from django.urls import path

from portal.notifications.consumers import PersonConsumer
from sessions_live.boards.consumers.board import BoardConsumer
from sessions_live.boards.consumers.ink import InkConsumer
from sessions_live.consumers.connection_test import ConnectionTestConsumer
from sessions_live.consumers.room import RoomConsumer

socket_routes: list = [
    path("ws/person/", PersonConsumer.as_asgi()),
    path("ws/live/<uuid:room_id>/", RoomConsumer.as_asgi()),
    path("ws/boards/<uuid:board_id>/", BoardConsumer.as_asgi()),
    path("ws/ink/<uuid:room_id>/<uuid:peer>/", InkConsumer.as_asgi()),
    path("ws/connection-test/", ConnectionTestConsumer.as_asgi()),
]
