"""Fixtures of the media tests: a worker in this process, a stage, a real Chromium. Nothing here needs Django."""

import pytest
from playwright.async_api import async_playwright

from .stage import CHROMIUM, Stage, running_worker


@pytest.fixture
async def worker(tmp_path):
    async with running_worker(tmp_path / "recordings") as worker:
        yield worker


@pytest.fixture
async def stage(worker):
    async with Stage(worker.reach).open() as stage:
        yield stage


@pytest.fixture
async def page(stage):
    """A page of the stage in a Chromium of its own; errors in it fail the test."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = await browser.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(stage.url)
        await page.wait_for_function("window.ready")
        yield page
        await browser.close()
        assert errors == []
