"""What the flows about passwords share: asking for a link, following it, typing a new password twice."""

from tests.support.browsing import Browser
from tests.support.letterbox import link_paths, mails

NEW = "trois girafes bleues"
USELESS = "Ce lien ne peut plus servir"


def ask(portal, email="dupont@example.org", browser=None):
    """Ask for one's identifiers. Returns the page, once the task did its work."""
    browser = browser or Browser()
    browser.get("/identifiants-oublies")
    page = browser.post("/identifiants-oublies", courriel=email)
    portal.tasks.run()
    return browser.follow(page) if page.status == 303 else page


def mailed_link(portal, email="dupont@example.org"):
    """The path of a fresh one-time link of this address's only account."""
    ask(portal, email)
    (path,) = link_paths(mails()[-1])
    return path


def choose(path, password=NEW, browser=None, again=None):
    """Follow a link and choose a password by its form, when it shows one."""
    browser = browser or Browser()
    page = browser.get(path)
    if page.status != 200:
        return page
    confirmation = password if again is None else again
    return browser.post("/nouveau-mot-de-passe", nouveau_mot_de_passe=password, confirmation=confirmation)


def change(browser, old, new, again=None):
    """« Changer mon mot de passe »."""
    browser.get("/mot-de-passe")
    confirmation = new if again is None else again
    return browser.post("/mot-de-passe", ancien_mot_de_passe=old, nouveau_mot_de_passe=new, confirmation=confirmation)
