"""Error handling of the commands: AWS failures, a full disk and Ctrl-C become a French sentence and an exit code."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from chalicelib import portal
from chalicelib.errors import Unavailable
from chalicelib.stage_settings import InvalidTownFile
from chalicelib.wording.guide import typeset
from guichet.console import ExitCode, stop, warn

FULL = (errno.ENOSPC, errno.EDQUOT)
CONFLICT = "D’autres écrivent au même moment sur les mêmes comptes ou les mêmes factures."
INTERRUPTED = (
    "Interrompu. Rien n’est resté à moitié fait\u00a0: chaque compte et chaque facture est entier ou absent. "
    "Relancez la même commande\u00a0: elle reprendra où elle s’est arrêtée."
)

MOST_SIGNS = 40
"""Characters listed of those that could not be drawn."""

_opened: ContextVar[portal.Portal | None] = ContextVar("opened", default=None)
"""The portal of the command that runs."""


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Turn failures that any command may meet into a French sentence and an exit code, never a traceback.

    At the end, whatever it is, what the documents drawn meanwhile could not show is told.
    """
    try:
        yield
    except KeyboardInterrupt:
        stop(ExitCode.INTERRUPTED, INTERRUPTED)
    except Unavailable as failure:
        reason = CONFLICT if "conflicting" in str(failure) else f"{_where()} ne répond pas ({failure})."
        stop(ExitCode.REFUSED, f"{reason} Relancez la même commande\u00a0: rien ne sera doublé.")
    except BotoCoreError as failure:
        stop(
            ExitCode.REFUSED,
            f"{_where()} ne répond pas ({failure}). Relancez la même commande\u00a0: rien ne sera doublé.",
        )
    except ClientError as failure:
        stop(ExitCode.REFUSED, f"AWS refuse\u00a0: {failure}")
    except OSError as failure:
        if failure.errno not in FULL:
            raise
        stop(
            ExitCode.REFUSED,
            "Le disque est plein. Faites de la place et relancez la même commande\u00a0: rien ne sera doublé.",
        )
    finally:
        _tell_not_drawn()


def _tell_not_drawn() -> None:
    opened = _opened.get()
    if opened is None or not opened.not_drawn:
        return
    signs = "".join(sorted(opened.not_drawn))[:MOST_SIGNS]
    opened.not_drawn.clear()
    warn(typeset(f"Caractères non tracés, remplacés par « � » dans les documents : {signs}"))


def open_portal() -> portal.Portal:
    """Returns the portal of this stage. Ends the command when AWS does not answer or has no portal."""
    try:
        opened = portal.current()
        _opened.set(opened)
        return opened
    except BotoCoreError:
        stop(ExitCode.REFUSED, f"{_where()} ne répond pas.{_hint()}")
    except ValidationError as failure:
        settings = ", ".join(str(error["loc"][0] if error["loc"] else error["msg"]) for error in failure.errors())
        stop(ExitCode.REFUSED, f"Réglages ou secrets absents ou faux\u00a0: {settings}.{_hint()}")
    except InvalidTownFile as refusal:
        stop(ExitCode.REFUSED, str(refusal))
    except ClientError as failure:
        stop(ExitCode.REFUSED, f"AWS refuse\u00a0: {failure}")


def _where() -> str:
    return os.environ.get("AWS_ENDPOINT_URL", "AWS")


def _hint() -> str:
    return (
        " Lancez «\u00a0make run\u00a0» dans un autre terminal." if os.environ.get("PORTAIL_STAGE") == "local" else ""
    )
