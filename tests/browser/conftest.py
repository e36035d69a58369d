"""Chromium, at the width of a phone and of a desktop, with and without JavaScript."""

import os
from pathlib import Path

import pytest

from tests.support.browser.screen import Screen

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW = "Chromium tests need Debian's chromium and `pip install -r requirements-dev.txt`"


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM.exists() and not os.environ.get("CI"):
        pytest.skip(HOW)
    playwright = pytest.importorskip("playwright.sync_api", reason=HOW) if not os.environ.get("CI") else None
    playwright = playwright or __import__("playwright.sync_api", fromlist=["sync_playwright"])
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["phone", "desktop"])
def screen(request, chromium, desk):
    """A visitor with JavaScript, at both sizes."""
    opened = Screen(chromium, desk, size=request.param)
    yield opened
    opened.close()


@pytest.fixture
def plain_screen(chromium, desk):
    """A visitor's phone without JavaScript."""
    opened = Screen(chromium, desk, javascript=False)
    yield opened
    opened.close()


@pytest.fixture(params=["with-javascript", "without-javascript"])
def phone(request, chromium, desk):
    """A visitor's phone, with JavaScript and without: a walk that takes it is walked twice."""
    opened = Screen(chromium, desk, javascript=request.param == "with-javascript")
    yield opened
    opened.close()
