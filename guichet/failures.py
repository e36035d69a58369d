"""Error handling of the commands: AWS failures, a full disk and Ctrl-C become a French sentence and an exit code."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from chalicelib import portal
from chalicelib.errors import Unavailable
from chalicelib.stage_settings import InvalidTownFile
from guichet.console import ExitCode, stop

FULL = (errno.ENOSPC, errno.EDQUOT)
CONFLICT = "D’autres écrivent au même moment sur les mêmes comptes ou les mêmes factures."
INTERRUPTED = (
    "Interrompu. Rien n’est resté à moitié fait\u00a0: chaque compte et chaque facture est entier ou absent. "
    "Relancez la même commande\u00a0: elle reprendra où elle s’est arrêtée."
)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Turn failures that any command may meet into a French sentence and an exit code, never a traceback."""
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


def open_portal() -> portal.Portal:
    """Returns the portal of this stage. Ends the command when AWS does not answer or has no portal."""
    try:
        return portal.current()
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
