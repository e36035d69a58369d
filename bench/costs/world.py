"""A small town over the emulated AWS, ten years old: what every journey is counted in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from bench.costs import capacity
from bench.costs.metering import LogBytes, Meter, emulator_apart
from chalicelib import portal as portals
from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.invoice import Invoice
from chalicelib.portal import Portal
from chalicelib.services.billing.documents import draw_documents
from chalicelib.stage_settings import Secrets, Settings, load_town
from tests.support import browsing
from tests.support.bank import signing_bank
from tests.support.browsing import Browser
from tests.support.emulated import clients, emulated_aws
from tests.support.fakes.clock_and_tasks import StoppedClock, TasksHere
from tests.support.people import DUPONT, add_people, invoice, line

KEYS = ("pepper", "csrf", "links", "activation", "counting")
NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
HISTORY = 120
"""Invoices in each family's list: ten years of them, as the law has them kept."""

FAMILIES, ON_PAPER = 200, 60
"""A batch of a mailing, three families in ten on paper."""


class MeteredTasks(TasksHere):  # type: ignore[misc]
    """The Lambda tasks, each an invocation of its own."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        with self._meter.invocation(name):
            return super().call(name, payload)


@dataclass
class World:
    """The town, and what is counted in it."""

    portal: Portal
    meter: Meter
    clock: StoppedClock
    family: Browser | None = None
    run: str = ""

    def browser(self) -> Browser:
        return Browser()


@contextmanager
def small_town() -> Iterator[World]:
    """Everything on its stores, every call watched, every request metered as an invocation of the web function."""
    settings = Settings(
        stage="test",
        public_url="https://portail.example.org",
        captcha_answer="MIYPP",
        paybox_url="https://tpeweb.example.org/cgi/FramepagepaiementRWD.cgi",
        paybox_public_keys=signing_bank().public_pem,
        mail_configuration_set="mails",
        mail_rate=10_000,
    )
    texts = dict.fromkeys(KEYS, "11" * 32) | {"paybox_hmac_key": "0123456789ABCDEF" * 8}
    meter, clock = Meter(), StoppedClock(NOW)
    with emulated_aws(settings, load_town(settings.town_file).mail_from):
        portal = portals.build(
            settings, Secrets.from_texts(texts), clock=clock, clients=clients(), tasks=MeteredTasks(meter)
        )
        settle(portal)
        with seen(portal, meter):
            yield World(portal, meter, clock)


@contextmanager
def seen(portal: Portal, meter: Meter) -> Iterator[None]:
    """The app asks for this portal; what it does is metered."""
    current, send = portals.current, browsing.send
    logger, handler = LogBytes.ours(), LogBytes(meter)
    portals.current, browsing.send = (lambda: portal), metered(send, meter)
    logger.addHandler(handler)
    meter.watch(portal.clients)
    try:
        with emulator_apart(meter):
            yield
    finally:
        meter.unwatch(portal.clients)
        logger.removeHandler(handler)
        portals.current, browsing.send = current, send


def metered(send: Callable[[Any], Any], meter: Meter) -> Callable[[Any], Any]:
    """A request, as the gateway hands it to the web function."""

    def sent(call: Any) -> Any:
        with meter.invocation("web"):
            answer = send(call)
        meter.answered(answer.body, answer.header("content-type") or "")
        return answer

    return sent


def settle(portal: Portal) -> None:
    """Dupont with two invoices to pay, two hundred families, and ten years behind each."""
    add_people(portal)
    owed = invoice("169200", issued_on=date(2026, 5, 1))
    portal.stores.invoices.add(owed)
    paid = [past(rank).summary for rank in range(HISTORY)]
    list_at_once(portal, "dupont", [owed.summary, invoice().summary, *paid])
    with_documents = [("dupont", "169165"), ("dupont", "169200")]
    draw_documents(
        with_documents, draw=lambda one, who: portal.mailing.draw(one, who).content,
        stores=portal.stores, clock=portal.clock,
    )  # fmt: skip
    for rank in range(FAMILIES):
        name = f"f{rank:03}"
        mode = DeliveryMode.PAPER if rank < ON_PAPER else DeliveryMode.EMAIL
        changes = {"username": name, "email": f"{name}@example.org", "password_hash": "x", "delivery_mode": mode}
        portal.stores.accounts.add(DUPONT.model_copy(update=changes))
        list_at_once(portal, name, paid)


def list_at_once(portal: Portal, username: str, rows: list[Any]) -> None:
    """The item that as many updates would have made: the emulator takes a minute for them."""
    assigned = portal.stores.summaries.assignment(rows)
    values = {name: {"S": assigned["values"][f":{mark[1:]}"]} for mark, name in assigned["names"].items()}
    capacity.lay(portal.settings.table("summaries"), values | {"username": {"S": username}})


LINES = (
    line(),
    line("Garderie du matin", "Zoé", "6", 150, 900),
    line("Étude surveillée", "Zoé", "4", 270, 1080),
    line("Accueil de loisirs du mercredi", "Noé", "2", 1500, 3000),
)
"""The mean invoice has four."""


def billed(number: str, username: str, **changes: Any) -> Invoice:
    found: Invoice = invoice(number, username, lines=LINES, billed_cents=8700, **changes)
    return found


def past(rank: int) -> Invoice:
    """An invoice that a family has paid, so many months ago."""
    issued_on = date(2026 - rank // 12, 12 - rank % 12, 2)
    return billed(f"2606100{rank:03}", "dupont", issued_on=issued_on, due_on=issued_on, paid_cents=8700)


def this_month() -> list[Invoice]:
    """One invoice a family."""
    return [billed(f"9{rank:03}", f"f{rank:03}") for rank in range(FAMILIES)]
