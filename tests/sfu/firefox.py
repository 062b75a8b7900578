"""A headless Firefox with fake devices, driven by WebDriver BiDi over its own socket: no driver program is needed."""

import asyncio
import itertools
import json
import os
import socket
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
    """One running Firefox; `page(url)` opens a tab. `place()` is where it runs, for those that live behind a cable."""

    def __init__(self, folder, *, place=nullcontext, preferences=None):
        self.folder = folder
        self.place = place
        self.preferences = PREFERENCES | (preferences or {})
        self._numbers = itertools.count(1)
        self._waiting = {}

    async def start(self):
        program = await asyncio.to_thread(browser.firefox)
        profile = self.folder / "profile"
        profile.mkdir(parents=True)
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in self.preferences.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._log = (self.folder / "firefox.log").open("wb")
        environ = os.environ | {"HOME": str(self.folder), "MOZ_HEADLESS": "1"}
        command = [
            "--headless",
            "--no-remote",
            "--profile",
            str(profile),
            "--remote-debugging-port",
            "0",
            "about:blank",
        ]
        with self.place():
            self.process = await asyncio.create_subprocess_exec(
                str(program), *command, env=environ, stdout=self._log, stderr=self._log
            )
        told = profile / "WebDriverBiDiServer.json"
        end = time.monotonic() + 60
        while not told.exists():
            assert self.process.returncode is None and time.monotonic() < end, self.log()
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.1)
        port = json.loads(told.read_text())["ws_port"]
        with self.place():
            line = socket.create_connection(("127.0.0.1", port))
        address = f"ws://127.0.0.1:{port}/session"
        self._socket = await connect(address, sock=line, max_size=None, ping_interval=None, proxy=None)
        self._reader = asyncio.create_task(self._read())
        await self.ask("session.new", capabilities={})
        return self

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
        await self.ask("browsingContext.navigate", context=page.context, url=url, wait="complete")
        return page

    async def stop(self):
        self._reader.cancel()
        await self._socket.close()
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), 15)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        self._log.close()


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
