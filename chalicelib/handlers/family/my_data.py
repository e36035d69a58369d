"""Mes données: what was done on the account, its other sessions, and everything held about it as a file."""

import json
from datetime import timedelta

from chalice.app import Response

from chalicelib.domain.family import Family
from chalicelib.domain.journal import FAMILY, Entry
from chalicelib.domain.session import Session
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.data_export import payments_of, personal_data
from chalicelib.services.authentication.sessions import close_other_sessions, other_sessions
from chalicelib.wording.account import event_words

pages = Pages(__name__)

SHOWN = 50
EVERYTHING = 10_000


@pages.get("/mes-donnees", reads=("account",))
def show_my_data(visit: Visit) -> Response:
    portal = visit.portal
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=SHOWN)
    return page(
        visit,
        "my_data",
        entries=[(entry.at, sentence(entry), actor(visit, entry)) for entry in entries],
        other_sessions=len(others(visit)),
    )


@pages.post("/mes-donnees/sessions", reads=("account",))
def submit_closing(visit: Visit) -> Response:
    portal = visit.portal
    close_other_sessions(visit.account, visit.token_hash, stores=portal.stores)
    journal_entry(visit, "sessions_closed")
    return see_other(visit, "/mes-donnees?fait=sessions")


@pages.get("/mes-donnees/fichier", reads=("account",))
def download_my_data(visit: Visit) -> Response:
    """A file to save, readable as it is; asked for by GET, it changes nothing but the journal."""
    portal = visit.portal
    family = portal.stores.families.find(visit.account.family) or Family(family=visit.account.family)
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=EVERYTHING)
    invoices = portal.stores.invoices.of(visit.username)
    held = personal_data(
        visit.account.as_of(visit.today),
        children=family.children,
        invoices=invoices,
        payments=payments_of(visit.username, invoices, payments=portal.stores.payments),
        requests=portal.stores.requests.of(visit.username),
        sessions=[visit.session, *others(visit).values()] if visit.session else [],
        journal=[entry.model_copy(update={"by": actor(visit, entry) or entry.by}) for entry in entries],
        at=portal.clock(),
    )
    if visit.method == "GET":
        journal_entry(visit, "data_downloaded")
    name = f"mes-donnees-{visit.today.isoformat()}.json"
    content = json.dumps(held, ensure_ascii=False, indent=2).encode()
    return file(content, content_type="application/json; charset=utf-8", filename=name, inline=False)


def others(visit: Visit) -> dict[str, Session]:
    """The account's sessions in other browsers; one more read, and only when there may be some."""
    portal = visit.portal
    idle = timedelta(minutes=portal.settings.session_idle_minutes)
    return other_sessions(
        visit.account, visit.token_hash, idle=idle, sessions=portal.stores.sessions, clock=portal.clock
    )


def sentence(entry: Entry) -> str:
    return event_words(entry.event) + (f" ({entry.detail})" if entry.detail else "")


def actor(visit: Visit, entry: Entry) -> str:
    """Empty for the family itself; the desk is named, not its agent: the town answers for its agents."""
    return "" if entry.by == FAMILY else visit.portal.town.desk.name
