"""The connection test: its steps, and every sentence that its script may say. Placeholders in braces are filled in by the script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from branding.queries import locale_of
from portal.access import SignedInView

STEPS = (
    ("microphone", "mic", _("Microphone")),
    ("camera", "video", _("Camera")),
    ("speaker", "volume-2", _("Speaker")),
    ("line", "plug", _("Live line to us")),
    ("direct", "zap", _("Picture and sound, directly")),
    ("relay-udp", "network", _("By relay, over UDP")),
    ("relay-tcp", "lock", _("By relay, over TLS or TCP")),
    ("picture", "gauge", _("Room for pictures")),
)
DEVICES = {
    "found": _("Works."),
    "denied": _("Blocked for this page. Allow it by the symbol in the address bar, then test again."),
    "no-camera": _("No camera was found. Plug one in, or go on with your voice only."),
    "no-microphone": _("No microphone was found. Plug one in; until then the others cannot hear you."),
    "busy": _("Another program is using it. Close that program, then test again."),
    "gone": _("It is no longer plugged in."),
    "unsupported": _("This browser cannot use camera and microphone. A current Chrome, Edge, Firefox or Safari can."),
    "insecure": _("Camera and microphone work on a secure address only (https)."),
    "unknown": _("It could not be opened. Unplug it and plug it in again, then test again."),
    "unanswered": _("You have not answered the browser’s question yet. Answer it, then test again."),
    "no-speaker": _("No speaker or headphones were found. Plug something in, or you will hear nobody."),
    "not-listed": _("This browser does not say. Use the test sound before you join."),
}
STEP_STATES = {
    "running": _("Being tested…"),
    "skipped": _("Not tested, because of what was found above."),
    "works": _("Works, {ms} ms there and back."),
    "blocked": _("Blocked on this network."),
    "away": _("The media server does not answer."),
    "none": _("No relay is set up here."),
    "line-blocked": _("Blocked. A proxy, a filter or an extension of the browser stops WebSockets."),
    "line-signed-out": _("You are signed out. Sign in again, then test again."),
    "line-too-often": _("You have tested the connection many times. Wait ten minutes, then try again."),
    "direct-works-measured": _("Works, {ms} ms there and back; {loss} percent lost, {jitter} ms of jitter."),
    "direct-blocked": _("UDP is blocked on this network."),
    "direct-no-server": _("No media server is set up here: two people talk directly."),
    "picture-good": _("Good for many pictures at once."),
    "picture-small": _("Enough for your voice and a small picture."),
    "picture-voice": _("Enough for your voice only. Leave the camera off, or move closer to the router."),
}
VERDICTS = {
    "verdict-works": _("Live %(sessions)s work on this network."),
    "cure-works": _("You need to do nothing."),
    "verdict-works-weak": _("Live %(sessions)s work, but this connection is weak."),
    "cure-works-weak": _(
        "Pictures may be small or stop now and then; voices go first. A cable, or a place nearer to the router, helps."
    ),
    "verdict-relay": _("Live %(sessions)s work by relay."),
    "cure-relay": _(
        "UDP to us is blocked, so picture and sound take a small detour. You need to do nothing; opening UDP makes it quicker."
    ),
    "verdict-relay-weak": _("Live %(sessions)s work by relay, but this connection is weak."),
    "cure-relay-weak": _("Ask your IT department to open UDP, as the report below says: it makes the way shorter."),
    "verdict-blocked": _("Live %(sessions)s will not work, because UDP is blocked and no relay is set up."),
    "verdict-blocked-udp": _("Live %(sessions)s will not work, because UDP is blocked, also to the relay."),
    "verdict-blocked-tcp": _(
        "Live %(sessions)s will not work, because UDP and the relay by TCP on port {port} are blocked."
    ),
    "verdict-blocked-tls": _(
        "Live %(sessions)s will not work, because UDP and the relay by TLS on port {port} are blocked."
    ),
    "verdict-no-line": _("Live %(sessions)s will not work, because the live line to {host} is blocked."),
    "verdict-away": _("The media server does not answer at present."),
    "cure-away": _("That is not your network. Try again in a few minutes; if it stays so, tell us."),
    "verdict-no-server": _("The live line works."),
    "cure-no-server": _("No media server is set up here, so there is nothing else to test: two people talk directly."),
    "verdict-too-often": _("You have tested the connection many times."),
    "cure-too-often": _("Wait ten minutes, then try again."),
}
TRY_ELSEWHERE = _("Try another network, such as your phone’s, or give the report below to your IT department.")
BLOCKED = ("cure-blocked", "cure-blocked-udp", "cure-blocked-tcp", "cure-blocked-tls", "cure-no-line")
REPORT = {
    "again": _("Test again"),
    "copied": _("Copied"),
    "copy-yourself": _("Select the text and copy it"),
    "report-title": _("Connection report for {host}"),
    "report-when": _("Made on {when} with {browser}."),
    "report-verdict": _("Result"),
    "report-open": _("Live %(sessions)s need these connections from the computer outwards; none inwards:"),
    "report-transport": _("Transport"),
    "report-host": _("Host"),
    "report-port": _("Port"),
    "report-protocol": _("Protocol"),
    "report-for": _("Purpose"),
    "report-result": _("From here"),
    "report-pages": _("Pages"),
    "report-line": _("Live line"),
    "report-media": _("Picture and sound, directly"),
    "report-relay": _("Picture and sound, by relay"),
    "report-measured": _(
        "Measured: {rtt} ms there and back, {loss} percent lost, {jitter} ms of jitter, {kbps} kbit/s."
    ),
    "report-proxy": _("WebSockets must pass proxies and filters unchanged."),
    "report-udp": _("UDP is preferred; a relay is used where it is blocked."),
    "state-works": _("reached"),
    "state-blocked": _("blocked"),
    "state-refused": _("not tested"),
    "state-untested": _("not tested"),
    "state-none": _("not set up"),
    "state-away": _("no answer"),
}


class ConnectionTestView(SignedInView):
    """For everybody with a login, whether a session is due or not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        steps = [{"code": code, "icon": icon, "name": name} for code, icon, name in STEPS]
        texts = DEVICES | STEP_STATES | VERDICTS | dict.fromkeys(BLOCKED, TRY_ELSEWHERE) | REPORT
        locale = str(locale_of(get_language() or "en")).replace("_", "-")
        return render(request, "live/connection_test.html", {"steps": steps, "texts": texts, "locale": locale})
