"""Three people everywhere: dupont has a due invoice, martin must see nothing of it, personne is unknown."""

from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.family import Child, Family
from chalicelib.domain.invoice import Invoice, InvoiceLine
from chalicelib.portal import Portal
from chalicelib.services.authentication.hashing import hash_password

PASSWORD = "soleil levant 42"
HOME = Address(line_1="12 allée des Mûriers", postcode="06990", town="Saint-Aubin-les-Pins")

DUPONT = Account(
    username="dupont",
    family="F1",
    holder=Holder(civility="Mme", last_name="Dupont", first_name="Éloïse"),
    address=HOME,
    email="dupont@example.org",
    delivery_mode=DeliveryMode.EMAIL,
    quotient_cents=65400,
)
MARTIN = Account(
    username="martin",
    family="F2",
    holder=Holder(civility="M.", last_name="Martin", first_name="Łukasz"),
    address=HOME,
)
CHILDREN = Family(
    family="F1",
    children=(Child(last_name="Dupont", first_name="Noé", born_on=date(2018, 3, 1), school="École des Pins"),),
)


def line(
    service: str = "Restauration scolaire",
    child: str = "Noé",
    quantity: str = "12",
    price: int = 310,
    amount: int = 3720,
) -> InvoiceLine:
    return InvoiceLine(
        child=child, service=service, quantity=Decimal(quantity), unit_price_cents=price, amount_cents=amount
    )


def invoice(number: str = "169165", username: str = "dupont", **changes: Any) -> Invoice:
    """The guide's own invoice: Restauration Scolaire Mai Juillet, n° 169165, due on 24 June, 57,00 €."""
    facts: dict[str, Any] = {
        "label": "Restauration Scolaire Mai Juillet 2026",
        "period": "mai à juillet 2026",
        "issued_on": date(2026, 6, 1),
        "due_on": date(2026, 6, 24),
        "billed_cents": 5700,
        "lines": (
            line(),
            line("Garderie du matin", "Zoé", "6", 150, 900),
            line("Étude surveillée", "Zoé", "4", 270, 1080),
        ),
    }
    return Invoice(number=number, username=username, **(facts | changes))


def add_people(portal: Portal) -> None:
    """Put the people, the children and their invoices on the stores of a test's portal."""
    hashed = hash_password(PASSWORD, pepper=portal.secrets.pepper[0], cost=portal.settings.bcrypt_cost)
    for account in (DUPONT, MARTIN):
        portal.stores.accounts.add(account.model_copy(update={"password_hash": hashed}))
    portal.stores.families.put(CHILDREN)
    add_invoices(portal, invoice(), invoice("150001", issued_on=date(2025, 6, 1), paid_cents=5700, opening_cents=5700))
    add_invoices(portal, invoice("169166", "martin", billed_cents=1200))


def add_invoices(portal: Portal, *invoices: Invoice) -> None:
    for one in invoices:
        assert portal.stores.invoices.add(one)
        portal.stores.summaries.put_rows(one.username, [one.summary])
