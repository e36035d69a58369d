"""Validation of the two XML fields of 3-D Secure 2, as Paybox does it."""

from collections.abc import Iterator
from xml.etree import ElementTree

REQUIRED_LENGTHS = {"FirstName": 22, "LastName": 22, "Address1": 50, "ZipCode": 10, "City": 50, "CountryCode": 3}
MOBILE_FIELDS = ("CountryCodeMobilePhone", "MobilePhone")


def cart_faults(xml: str) -> Iterator[str]:
    """Yields the faults of PBX_SHOPPINGCART."""
    root = _root(xml)
    quantity = root.findtext("total/totalQuantity", "") if root is not None and root.tag == "shoppingcart" else ""
    if not (quantity.isascii() and quantity.isdigit() and 1 <= int(quantity) <= 99):
        yield "un texte XML <shoppingcart> dont <totalQuantity> va de 1 à 99"


def billing_faults(xml: str) -> Iterator[str]:
    """Yields the faults of PBX_BILLING."""
    root = _root(xml)
    address = root.find("Address") if root is not None and root.tag == "Billing" else None
    if address is None:
        yield "un texte XML <Billing> qui contient <Address>"
        return
    texts = {element.tag: element.text or "" for element in address}
    for name, limit in REQUIRED_LENGTHS.items():
        if not 1 <= len(texts.get(name, "")) <= limit:
            yield f"<{name}> est obligatoire, de {limit} caractères au plus"
    if not xml.isascii():
        yield "des caractères sans accent seulement"
    if len(set(MOBILE_FIELDS) & set(texts)) == 1:
        yield "l’indicatif et le numéro de mobile vont ensemble"


def _root(xml: str) -> ElementTree.Element | None:
    if "<!" in xml:
        return None
    try:
        return ElementTree.fromstring(xml)  # noqa: S314 - declarations were refused above, so no entity can grow
    except (ElementTree.ParseError, ValueError):
        return None
