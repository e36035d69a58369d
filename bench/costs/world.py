"""Test data of the cost model: a small town with ten years of history over the emulated AWS, with a meter."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import patch

from bench.canned import SECRETS
from bench.costs import capacity
from bench.costs.metering import Meter, emulator_cpu_excluded, log_bytes_counted
from chalicelib import portal as portals
from chalicelib.domain.account import DeliveryMode
from chalicelib.domain.invoice import Invoice, InvoiceSummary
from chalicelib.portal import Portal
from chalicelib.services.billing.documents import draw_documents
from chalicelib.stage_settings import Settings, load_town
from tests.support import browsing
from tests.support.browsing import Browser
from tests.support.emulated import clients, emulated_aws
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.tasks import TasksHere
from tests.support.gateway import Answer, Call, send
from tests.support.payments.bank import signing_bank
from tests.support.people import DUPONT, add_people, invoice, line
from tests.support.streams import deliver_streams

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
HISTORY = 120
"""Invoices in each family's list: ten years, the legal retention."""

FAMILIES, ON_PAPER = 200, 60
"""One mailing batch, three families in ten on paper."""


class MeteredTasks(TasksHere):
    """Runs Lambda tasks in this process, each metered as an invocation."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def call(self, name: str, payload: dict[str, Any]) -> Any:
        with self._meter.invocation(name):
            return super().call(name, payload)


@dataclass
class SmallTown:
    """The town's portal, meter and clock."""

    portal: Portal
    meter: Meter
    clock: StoppedClock
    family: Browser | None = None
    run: str = ""


@contextmanager
def small_town() -> Iterator[SmallTown]:
    """Yields the town, with every AWS call counted and every request metered as an invocation of the web function."""
    settings = Settings(
        stage="test",
        public_url="https://portail.example.org",
        captcha_answer="MIYPP",
        paybox_url="https://tpeweb.example.org/cgi/FramepagepaiementRWD.cgi",
        paybox_public_keys=signing_bank().public_pem,
        mail_configuration_set="mails",
        mail_rate=10_000,
    )
    meter, clock = Meter(), StoppedClock(NOW)
    with emulated_aws(settings, load_town(settings.town_file).mail_from):
        portal = portals.build(settings, SECRETS, clock=clock, clients=clients(), tasks=MeteredTasks(meter))
        add_town_data(portal)
        with metered_portal(portal, meter):
            deliver_streams(portal)
            yield SmallTown(portal, meter, clock)


@contextmanager
def metered_portal(portal: Portal, meter: Meter) -> Iterator[None]:
    """Make this the app's portal inside the context, and meter it."""
    ours, sent = patch.object(portals, "current", lambda: portal), patch.object(browsing, "send", metered_send(meter))
    with log_bytes_counted(meter), meter.watching(portal.clients), ours, sent, emulator_cpu_excluded(meter):
        yield


def metered_send(meter: Meter) -> Callable[[Call], Answer]:
    """Returns `send` with each request metered as an invocation of the web function."""

    def sent(call: Call) -> Answer:
        with meter.invocation("web"):
            answer = send(call)
        meter.answered(answer.body, answer.header("content-type") or "")
        return answer

    return sent


def add_town_data(portal: Portal) -> None:
    """Add Dupont with two invoices to pay, and 200 families, each with ten years of history."""
    add_people(portal)
    owed = invoice("169200", issued_on=date(2026, 5, 1))
    portal.stores.invoices.add(owed)
    paid = [past_invoice(rank).summary for rank in range(HISTORY)]
    put_summaries(portal, "dupont", [owed.summary, invoice().summary, *paid])
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
        put_summaries(portal, name, paid)


def put_summaries(portal: Portal, username: str, rows: list[InvoiceSummary]) -> None:
    """Put a summary item directly: as many updates take the emulator a minute."""
    assigned = portal.stores.summaries.assignment(rows)
    values = {name: {"S": assigned["values"][f":{mark[1:]}"]} for mark, name in assigned["names"].items()}
    capacity.put_item(portal.settings.table("summaries"), values | {"username": {"S": username}})


LINES = (
    line(),
    line("Garderie du matin", "Zoé", "6", 150, 900),
    line("Étude surveillée", "Zoé", "4", 270, 1080),
    line("Accueil de loisirs du mercredi", "Noé", "2", 1500, 3000),
)
"""The average invoice has four lines."""


def four_line_invoice(number: str, username: str, **changes: Any) -> Invoice:
    return invoice(number, username, lines=LINES, billed_cents=8700, **changes)


def past_invoice(rank: int) -> Invoice:
    """Returns a paid invoice of `rank` months ago."""
    issued_on = date(2026 - rank // 12, 12 - rank % 12, 2)
    return four_line_invoice(f"2606100{rank:03}", "dupont", issued_on=issued_on, due_on=issued_on, paid_cents=8700)


def month_invoices() -> list[Invoice]:
    """Returns one invoice per family."""
    return [four_line_invoice(f"9{rank:03}", f"f{rank:03}") for rank in range(FAMILIES)]
