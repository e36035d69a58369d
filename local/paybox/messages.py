"""Encodes notices and return addresses: PBX_RETOUR's variables in their order, then the signature over them."""

import base64
from collections.abc import Callable, Mapping
from urllib.parse import quote, urlsplit

UNESCAPED = ",@/:"
"""Characters that Paybox does not escape: verifying a signature over re-encoded values must fail here too."""

Signer = Callable[[bytes], bytes]


def notice(retour: str, values: Mapping[str, str], sign: Signer) -> bytes:
    """Returns the body of a notice: the variables that have a value, signed together."""
    return _signed(_variables(retour, values), retour, sign)


def return_address(address: str, retour: str, values: Mapping[str, str], sign: Signer) -> str:
    """Returns the merchant's return address, with its whole query string signed."""
    existing = urlsplit(address).query
    query = f"{existing}&{_variables(retour, values)}" if existing else _variables(retour, values)
    return f"{address.partition('?')[0]}?{_signed(query, retour, sign).decode()}"


def _variables(retour: str, values: Mapping[str, str]) -> str:
    names = (variable.split(":") for variable in retour.split(";"))
    return "&".join(f"{name}={quote(values[letter], UNESCAPED)}" for name, letter in names if letter in values)


def _signed(message: str, retour: str, sign: Signer) -> bytes:
    name = retour.split(";")[-1].partition(":")[0]
    signature = quote(base64.b64encode(sign(message.encode())), safe="")
    return f"{message}&{name}={signature}".encode()
