"""*Mes données*: the account's journal, its other sessions, and a JSON export of all personal data (GDPR)."""

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
from chalicelib.wording.account import event_label

pages = Pages(__name__)

ENTRIES_SHOWN = 50
ALL_ENTRIES = 10_000


@pages.get("/mes-donnees", reads=("account",))
def show_my_data(visit: Visit) -> Response:
    portal = visit.portal
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=ENTRIES_SHOWN)
    return page(
        visit,
        "my_data",
        entries=[(entry.at, sentence(entry), actor(visit, entry)) for entry in entries],
        other_sessions=len(sessions_elsewhere(visit)),
    )


@pages.post("/mes-donnees/sessions", reads=("account",))
def submit_closing(visit: Visit) -> Response:
    portal = visit.portal
    close_other_sessions(visit.account, visit.token_hash, stores=portal.stores)
    journal_entry(visit, "sessions_closed")
    return see_other(visit, "/mes-donnees?fait=sessions")


@pages.get("/mes-donnees/fichier", reads=("account",))
def download_my_data(visit: Visit) -> Response:
    """The export as an attachment; a GET that changes nothing but the journal."""
    portal = visit.portal
    family = portal.stores.families.find(visit.account.family) or Family(family=visit.account.family)
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=ALL_ENTRIES)
    invoices = portal.stores.invoices.of(visit.username)
    data = personal_data(
        visit.account.as_of(visit.today),
        children=family.children,
        invoices=invoices,
        payments=payments_of(visit.username, invoices, payments=portal.stores.payments),
        requests=portal.stores.requests.of(visit.username),
        sessions=[visit.session, *sessions_elsewhere(visit).values()] if visit.session else [],
        journal=[entry.model_copy(update={"by": actor(visit, entry) or entry.by}) for entry in entries],
        at=portal.clock(),
    )
    if visit.method == "GET":
        journal_entry(visit, "data_downloaded")
    name = f"mes-donnees-{visit.today.isoformat()}.json"
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    return file(content, content_type="application/json; charset=utf-8", filename=name, inline=False)


def sessions_elsewhere(visit: Visit) -> dict[str, Session]:
    """Returns the account's sessions in other browsers; reads again only when there may be some."""
    portal = visit.portal
    idle = timedelta(minutes=portal.settings.session_idle_minutes)
    return other_sessions(
        visit.account, visit.token_hash, idle=idle, sessions=portal.stores.sessions, clock=portal.clock
    )


def sentence(entry: Entry) -> str:
    return event_label(entry.event) + (f" ({entry.detail})" if entry.detail else "")


def actor(visit: Visit, entry: Entry) -> str:
    """Returns "" for the family itself; the office's name for an agent, who stays unnamed: the town is responsible."""
    return "" if entry.by == FAMILY else visit.portal.town.desk.name
