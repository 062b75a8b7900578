"""What the room itself brings beside the pictures: resources that a host shows to everybody, and a video that everybody watches in step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.live.showings import facts_of_room
from portal.middleware import content_security_policy
from portal.work_tabs import RoomVisitor, WorkTab
from sessions_live.models import LiveSettings

YOUTUBE = "https://www.youtube-nocookie.com"


def plays_videos(visitor: RoomVisitor) -> bool:
    """Whether the organization wants videos from there at all."""
    return LiveSettings.current().youtube_allowed


def let_videos(response: HttpResponse, context: dict[str, Any], request: HttpRequest) -> HttpResponse:
    """The page of a room, which may frame the host of videos where it has the tab for them."""
    if any(shown.tab.name == "video" for shown in context.get("work_tabs", ())):
        response.headers["Content-Security-Policy"] = with_videos(content_security_policy(request.get_host()))
    return response


def with_videos(policy: str) -> str:
    """A content security policy that lets the page frame the one host of videos, and use nothing else of it."""
    return policy.replace("frame-src 'self'", f"frame-src 'self' {YOUTUBE}")


TABS = (
    WorkTab(
        name="resources",
        icon="folder-open",
        position=20,
        label=_("Resources"),
        module="js/live/resources-tab.js",
        template="live/_resources_tab.html",
        allowed=lambda visitor: True,
        facts=facts_of_room,
        waits=True,
    ),
    WorkTab(
        name="video",
        icon="tv-minimal-play",
        position=50,
        label=_("Video"),
        module="js/live/video-tab.js",
        template="live/_video_tab.html",
        allowed=plays_videos,
    ),
)
