"""The desk's four ports in a row, and one clear sentence when one of them is taken."""

import errno
import socket
from collections.abc import Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"
DEFAULT = 8000
LAST = 65_535 - 3


class DeskRefused(Exception):
    """What keeps the desk from starting, as a French sentence for whoever typed the command."""


@dataclass(frozen=True)
class Ports:
    """`PORT` is the portal's; the emulated AWS, the fake Paybox and the mailbox follow."""

    portal: int

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Ports":
        """From PORT, 8000 when not set. Raises DeskRefused."""
        text = environ.get("PORT") or str(DEFAULT)
        if not (text.isascii() and text.isdigit() and 1 <= int(text) <= LAST):
            raise DeskRefused(f"PORT={text} n’est pas un numéro de port (de 1 à {LAST}).")
        return cls(int(text))

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
    """Raise DeskRefused when one of these ports, by what it is for, cannot be listened on."""
    for purpose, port in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as refusal:
                raise DeskRefused(why(refusal, purpose, port)) from refusal


def why(refusal: OSError, purpose: str, port: int) -> str:
    """One sentence: the port is taken, or this user may not open it (those below 1024)."""
    if refusal.errno == errno.EADDRINUSE:
        told = "est déjà pris : arrêtez le programme qui l’occupe, ou choisissez-en d’autres"
    else:
        told = "ne peut pas être ouvert par vous : choisissez-en d’autres"
    return f"Le port {port} ({purpose}) {told} : PORT=9000 make run"


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
