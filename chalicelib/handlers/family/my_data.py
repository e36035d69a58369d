"""*Mes données*: the account's journal, its sessions, and a JSON export of all personal data (GDPR)."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalice.app import Response

from chalicelib.domain.family import Family
from chalicelib.domain.journal import FAMILY, Entry
from chalicelib.domain.session import Session
from chalicelib.errors import AccountLocked, FormRefused
from chalicelib.handlers.family.current_password import password_needed, refused, require_recent_password
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.data_export import payments_of, personal_data
from chalicelib.services.authentication.sessions import (
    close_other_sessions,
    listed_session,
    other_sessions,
    session_id,
)
from chalicelib.wording.account import event_label

pages = Pages(__name__)

ENTRIES_SHOWN = 50
ALL_ENTRIES = 10_000


class ListedSession(NamedTuple):
    """A session in another browser, as the page lists it; `id` ends it."""

    id: str
    browser: str
    opened_at: datetime
    seen_at: datetime


@pages.get("/mes-donnees", reads=("account",))
def show_my_data(visit: Visit) -> Response:
    return my_data_page(visit)


@pages.post("/mes-donnees/sessions", reads=("account",))
def submit_closing(visit: Visit) -> Response:
    portal = visit.portal
    close_other_sessions(visit.account, visit.token_hash, stores=portal.stores)
    journal_entry(visit, "sessions_closed")
    return see_other(visit, "/mes-donnees?fait=sessions")


@pages.post("/mes-donnees/sessions/{id}", reads=("account",))
def submit_closing_of_one(visit: Visit, id: str) -> Response:
    portal, keys = visit.portal, visit.portal.secrets.csrf
    token_hash = listed_session(visit.account, id, visit.token_hash, keys=keys)
    try:
        require_recent_password(visit)
    except (FormRefused, AccountLocked) as refusal:
        return my_data_page(visit, **refused(visit, refusal))
    portal.stores.sessions.end(token_hash)
    journal_entry(visit, "session_closed")
    return see_other(visit, "/mes-donnees?fait=session")


@pages.get("/mes-donnees/fichier", reads=("account",))
def show_my_data_file(visit: Visit) -> Response:
    return file_page(visit)


@pages.post("/mes-donnees/fichier", reads=("account",))
def download_my_data(visit: Visit) -> Response:
    """The export as an attachment."""
    try:
        require_recent_password(visit)
    except (FormRefused, AccountLocked) as refusal:
        return file_page(visit, **refused(visit, refusal))
    content = json.dumps(exported(visit), ensure_ascii=False, indent=2).encode()
    journal_entry(visit, "data_downloaded")
    name = f"mes-donnees-{visit.today.isoformat()}.json"
    return file(content, content_type="application/json; charset=utf-8", filename=name, inline=False)


def exported(visit: Visit) -> dict[str, Any]:
    """Returns all that the file holds."""
    portal = visit.portal
    family = portal.stores.families.find(visit.account.family) or Family(family=visit.account.family)
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=ALL_ENTRIES)
    invoices = portal.stores.invoices.of(visit.username)
    return personal_data(
        visit.account.as_of(visit.today),
        children=family.children,
        invoices=invoices,
        payments=payments_of(visit.username, invoices, payments=portal.stores.payments),
        requests=portal.stores.requests.of(visit.username),
        sessions=[visit.session, *sessions_elsewhere(visit).values()] if visit.session else [],
        journal=[entry.model_copy(update={"by": actor(visit, entry) or entry.by}) for entry in entries],
        at=portal.clock(),
    )


def my_data_page(visit: Visit, **context: Any) -> Response:
    portal, key = visit.portal, visit.portal.secrets.csrf[0]
    entries = portal.stores.journal.latest(visit.username, now=portal.clock(), most=ENTRIES_SHOWN)
    elsewhere = [
        ListedSession(session_id(name, key), session.browser, session.opened_at, session.seen_at)
        for name, session in sessions_elsewhere(visit).items()
    ]
    shown: dict[str, Any] = {
        "entries": [(entry.at, sentence(entry), actor(visit, entry)) for entry in entries],
        "session": visit.session,
        "other_sessions": sorted(elsewhere, key=lambda one: one.seen_at, reverse=True),
    }
    return page(visit, "my_data", **(password_context(visit) | shown | context))


def file_page(visit: Visit, **context: Any) -> Response:
    return page(visit, "my_data_file", **(password_context(visit) | context))


def password_context(visit: Visit) -> dict[str, Any]:
    needed = password_needed(visit)
    return {"password_needed": needed, "username": visit.username, "errors": {}, "refusal": None}


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
