"""The four consecutive ports of the local stack, and the error message when one is taken."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from guichet.environment import parse_port

HOST = "127.0.0.1"
DEFAULT = 8000


class LocalStackError(Exception):
    """The local stack cannot start or run on; a French sentence for the terminal."""


@dataclass(frozen=True)
class Ports:
    """`PORT` is the portal's; the emulated AWS, the fake Paybox and the mailbox follow."""

    portal: int

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Ports":
        """From PORT, 8000 when not set. Raises LocalStackError."""
        try:
            return cls(parse_port(environ.get("PORT") or str(DEFAULT)))
        except ValueError as refusal:
            raise LocalStackError(str(refusal)) from None

    @property
    def aws(self) -> int:
        return self.portal + 1

    @property
    def paybox(self) -> int:
        return self.portal + 2

    @property
    def mailbox(self) -> int:
        return self.portal + 3


def require_free(wanted: Mapping[str, int]) -> None:
    """Raises LocalStackError when one of these ports (by purpose) cannot be bound."""
    for purpose, port in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as refusal:
                raise LocalStackError(port_refusal(refusal, purpose, port)) from refusal


def port_refusal(refusal: OSError, purpose: str, port: int) -> str:
    """Returns the French sentence: the port is taken, or this user may not open it (below 1024)."""
    if refusal.errno == errno.EADDRINUSE:
        explanation = "est déjà pris : arrêtez le programme qui l’occupe, ou choisissez-en d’autres"
    else:
        explanation = "ne peut pas être ouvert par vous : choisissez-en d’autres"
    return f"Le port {port} ({purpose}) {explanation} : PORT=9000 make run"


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
