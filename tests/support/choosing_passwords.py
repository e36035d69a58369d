"""What the flows about passwords share: asking for a link, following it, typing a new password twice."""

from chalicelib.portal import Portal
from tests.support.browsing import Browser, Page
from tests.support.fakes.tasks import run_started
from tests.support.letterbox import link_paths, mails

NEW = "trois girafes bleues"
USELESS = "Ce lien ne peut plus servir"


def ask(portal: Portal, email: str = "dupont@example.org", browser: Browser | None = None) -> Page:
    """Ask for one's identifiers. Returns the page, once the task did its work."""
    browser = browser or Browser()
    browser.get("/identifiants-oublies")
    page = browser.post("/identifiants-oublies", courriel=email)
    run_started(portal)
    return browser.follow(page) if page.status == 303 else page


def mailed_link(portal: Portal, email: str = "dupont@example.org") -> str:
    """The path of a fresh one-time link of this address's only account."""
    ask(portal, email)
    (path,) = link_paths(mails()[-1])
    return path


def choose(path: str, password: str = NEW, browser: Browser | None = None, again: str | None = None) -> Page:
    """Follow a link and choose a password by its form, when it shows one."""
    browser = browser or Browser()
    page = browser.get(path)
    if page.status != 200:
        return page
    confirmation = password if again is None else again
    return browser.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=password, confirmation=confirmation)


def change(browser: Browser, old: str, new: str, again: str | None = None) -> Page:
    """« Changer mon mot de passe »."""
    browser.get("/mot-de-passe")
    confirmation = new if again is None else again
    return browser.post("/mot-de-passe", ancien_mot_de_passe=old, nouveau_mot_de_passe=new, confirmation=confirmation)
