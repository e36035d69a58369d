"""Sends a payment notice: a plain POST on loopback, without redirects or retries."""

import http.client
import ipaddress
from urllib.parse import urlsplit

from local.paybox.checks import is_on_this_machine

TIMEOUT_SECONDS = 30


def deliver(address: str, body: bytes) -> str:
    """Post the notice. Returns the HTTP status, or « injoignable » when there was no response.

    Sends no Accept header, as a bank does. Raises ValueError for an address outside this machine.
    """
    if not is_on_this_machine(address):
        raise ValueError("a notice of the simulator stays on this machine")
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(_loopback(parts.hostname or ""), parts.port or 80, timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(
            "POST", address.partition(parts.netloc)[2] or "/", skip_host=True, skip_accept_encoding=True
        )
        headers = {"Host": parts.netloc, "Content-Type": "application/x-www-form-urlencoded"}
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return "injoignable"
    finally:
        connection.close()


def _loopback(host: str) -> str:
    """Returns the IP to connect to: names under localhost (RFC 6761) are loopback, without the resolver."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return "127.0.0.1"
