"""A visitor's window in Chromium: what it shows, and what is wrong with it, axe's findings included."""

from typing import TYPE_CHECKING

from tests.support.local_portal import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Request, Response, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "RGAAv4", "best-practice"]
SIZES: "dict[str, ViewportSize]" = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}


class Screen:
    """One visitor's window: what it shows, and everything that went wrong while it did."""

    def __init__(self, browser: "Browser", desk: Desk, *, size: str = "phone", javascript: bool = True) -> None:
        self.desk = desk
        self.javascript = javascript
        self.context = browser.new_context(viewport=SIZES[size], locale="fr-FR", java_script_enabled=javascript)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", self._note)
        self.page.on("request", self._refuse_third_parties)
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))

    def _note(self, message: "ConsoleMessage") -> None:
        # Chromium reports every 4xx of a document on its console: an answer of ours, not a fault.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.wrong.append(message.text)

    def _refuse_third_parties(self, request: "Request") -> None:
        ours = tuple(f"http://127.0.0.1:{self.desk.port + offset}/" for offset in (0, 2))
        if not request.url.startswith(ours):
            self.wrong.append(request.url)

    def go(self, path: str) -> "Response | None":
        return self.page.goto(self.desk.url + path)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.fill(f"main [name={name}]", value)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def back(self) -> None:
        """The browser's own button; a page that is still being brought in would be lost to its protocol."""
        self.page.wait_for_load_state()
        with self.page.expect_navigation():
            self.page.evaluate("history.back()")

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sign_in(
        self,
        username: str = "100001",
        password: str = "Portail-Demo-2026",  # noqa: S107 - the demo town's
    ) -> None:
        self.sign_in_from("/connexion", username, password)

    def sign_in_from(
        self,
        path: str,
        username: str = "100001",
        password: str = "Portail-Demo-2026",  # noqa: S107
    ) -> None:
        """Ask for a page, and sign in where that leads."""
        self.go(path)
        self.fill(identifiant=username, mot_de_passe=password)
        self.press("Me connecter")

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def says(self, sentence: str) -> bool:
        text = self.page.locator("body").inner_text().replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")
        return sentence.casefold() in " ".join(text.split()).casefold()

    def fits(self) -> bool:
        """No sideways scroll."""
        fits: bool = self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        return fits

    def small_targets(self) -> list[str]:
        """Links, buttons and labels of boxes under 44 px, but links inside a sentence, which WCAG excepts."""
        found: list[str] = self.page.evaluate(SMALL_TARGETS)
        return found

    def axe_violations(self) -> list[str]:
        """What axe finds, as « rule: where »."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]

    def faults(self) -> list[str]:
        """What is wrong with the page at sight; axe, which is a script, looks where scripts run."""
        self.page.wait_for_load_state()  # scripts run before the style sheet is there: every target is small then
        sideways = [] if self.fits() else [f"{self.page.url} scrolls sideways"]
        return sideways + self.small_targets() + (self.axe_violations() if self.javascript else [])

    def another(self, *, javascript: bool) -> "Screen":
        """Another phone of the same visitor."""
        assert self.context.browser
        return Screen(self.context.browser, self.desk, javascript=javascript)

    def close(self) -> None:
        self.context.close()
        assert not self.wrong, self.wrong


SMALL_TARGETS = """
() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')]
  .filter(one => { const target = one.closest('.choice')?.querySelector('label') ?? one;
    const box = target.getBoundingClientRect();
    const inline = one.tagName === 'A' && getComputedStyle(one).display === 'inline';
    const shown = box.width && box.height && box.bottom > 0;
    return !inline && shown && box.height < 44; })
  .map(one => one.outerHTML.slice(0, 120))
"""
