"""What the room itself brings beside the pictures: a video that everybody watches in step."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

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
        name="video",
        icon="tv-minimal-play",
        position=50,
        label=_("Video"),
        module="js/live/video-tab.js",
        template="live/_video_tab.html",
        allowed=plays_videos,
    ),
)
