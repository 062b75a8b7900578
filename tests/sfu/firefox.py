"""A headless Firefox with fake devices, driven by WebDriver BiDi over its own socket: no driver program is needed."""

import asyncio
import itertools
import json
import os
import socket
import subprocess
import time
from contextlib import nullcontext

from websockets.asyncio.client import connect

from deploy.local import browser

PREFERENCES = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.getusermedia.browser.enabled": True,  # a tab may capture itself, by what captures screens: there is none without a display
    "media.peerconnection.ice.loopback": True,  # because the server of the tests may be on this machine only
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "media.gmp-manager.updateEnabled": False,
}


class Firefox:
    """One running Firefox; `page(url)` opens a tab. `namespace()` is the network that it runs in."""

    def __init__(self, folder, *, namespace=nullcontext, preferences=None):
        self.folder = folder
        self.namespace = namespace
        self.preferences = PREFERENCES | (preferences or {})
        self._numbers = itertools.count(1)
        self._waiting = {}
        self._pages = []

    async def start(self):
        await asyncio.to_thread(self.launch)
        await self.connect()
        return self

    def launch(self):
        """Start the program, and wait until it can be talked to."""
        profile = self.folder / "profile"
        profile.mkdir(parents=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in self.preferences.items()]
        (profile / "user.js").write_text("\n".join(lines))
        environ = os.environ | {"HOME": str(self.folder), "MOZ_HEADLESS": "1"}
        given = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0", "about:blank"]
        with (self.folder / "firefox.log").open("wb") as log, self.namespace():
            self.process = subprocess.Popen([browser.firefox(), *given], env=environ, stdout=log, stderr=log)
        told = profile / "WebDriverBiDiServer.json"
        end = time.monotonic() + 60
        while not (told.exists() and told.read_text().strip()):
            assert self.process.poll() is None and time.monotonic() < end, self.log()
            time.sleep(0.1)
        self.port = json.loads(told.read_text())["ws_port"]

    async def connect(self):
        """Begin a session; there is one at a time."""
        with self.namespace():
            line = socket.create_connection(("127.0.0.1", self.port))
        address = f"ws://127.0.0.1:{self.port}/session"
        self._socket = await connect(address, sock=line, max_size=None, ping_interval=None, proxy=None)
        self._reader = asyncio.create_task(self._read())
        await self.ask("session.new", capabilities={})

    async def disconnect(self):
        """Close what the session has opened, and end it: the next one finds the same Firefox."""
        while self._pages:
            await self._pages.pop().close()
        await self.ask("session.end")
        self._reader.cancel()
        await self._socket.close()

    def log(self):
        return (self.folder / "firefox.log").read_text(errors="replace")[-3000:]

    async def _read(self):
        async for text in self._socket:
            message = json.loads(text)
            waiting = self._waiting.pop(message.get("id"), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(message)

    async def ask(self, method, **params):
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        message = await asyncio.wait_for(answered, 60)
        if message["type"] == "error":
            raise AssertionError(f"{method}: {message['error']}: {message['message']}")
        return message["result"]

    async def page(self, url):
        made = await self.ask("browsingContext.create", type="tab")
        page = Page(self, made["context"])
        self._pages.append(page)
        await self.ask("browsingContext.navigate", context=page.context, url=url, wait="complete")
        return page

    async def stop(self):
        self._reader.cancel()
        await self._socket.close()
        await asyncio.to_thread(self.end)

    def end(self):
        """End the program."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Page:
    """A tab with the one method of Playwright's page that the tests use."""

    def __init__(self, firefox, context):
        self._firefox = firefox
        self.context = context

    async def evaluate(self, script):
        """The value of an expression, awaited, as if the person had just clicked."""
        wrapped = f"Promise.resolve({script}).then(value => JSON.stringify(value ?? null))"
        found = await self._firefox.ask(
            "script.evaluate",
            expression=wrapped,
            target={"context": self.context},
            awaitPromise=True,
            userActivation=True,
        )
        if found["type"] == "exception":
            raise AssertionError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    async def close(self):
        await self._firefox.ask("browsingContext.close", context=self.context)
