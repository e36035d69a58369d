"""The desk from its first port to its last program: what is started, in which order, and what stops it."""

import importlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import banner
from local.environment import desk_environment, uses_own_aws
from local.ports import DeskRefused, Ports, require_free
from local.processes import Processes

STATE = Path(__file__).parent.parent / ".local"
PORTAL, AWS, PAYBOX, MAILBOX = "portail", "AWS simulé", "Paybox simulé", "boîte aux lettres"


def run_portal(ports: Ports) -> None:
    """Everything, and the portal served by this very process until Ctrl-C. Raises DeskRefused."""
    with started(ports, {PORTAL: ports.portal}) as own_aws:
        from local import provision, server

        portal = provision.provided(STATE, own_aws=own_aws)
        app = importlib.import_module("app").app
        portal_server = server.make_server(app, ports.portal, base_path=portal.settings.base_path)
        print(banner.portal_ready(portal, ports, own_aws=own_aws), flush=True)
        portal_server.serve_forever()


def run_cloud(ports: Ports) -> None:
    """Everything but the portal, until Ctrl-C. Raises DeskRefused."""
    with started(ports, {}) as own_aws:
        from local import provision

        portal = provision.provided(STATE, own_aws=own_aws)
        print(banner.cloud_ready(portal, ports, own_aws=own_aws), flush=True)
        threading.Event().wait()


@contextmanager
def started(ports: Ports, also: dict[str, int]) -> Iterator[bool]:
    """The desk's programs, up for as long as the context lasts; tells whether the AWS is ours.

    Raises DeskRefused when a port is taken, or when a program does not start or ends by itself.
    """
    own_aws = uses_own_aws(os.environ)
    require_free(also | ({AWS: ports.aws} if own_aws else {}) | {PAYBOX: ports.paybox, MAILBOX: ports.mailbox})
    with Processes() as programs:
        os.environ.update(desk_environment(os.environ, ports))
        start_programs(programs, ports, own_aws=own_aws)
        programs.watch(lambda name: os.kill(os.getpid(), signal.SIGTERM))
        try:
            yield own_aws
        except KeyboardInterrupt:
            if programs.ended:
                raise DeskRefused(f"« {programs.ended} » s’est arrêté : le bureau s’arrête aussi.") from None
            raise


def start_programs(programs: Processes, ports: Ports, *, own_aws: bool) -> None:
    """Start them together, and import the application while they come up."""
    know_the_bank()
    mailbox = str(ports.mailbox)
    if own_aws:
        stage, tick = os.environ["PORTAIL_STAGE"], os.environ.get("PORTAIL_DESK_TICK_SECONDS") or "0"
        options = ("--port", str(ports.aws), "--mailbox-port", mailbox, "--stage", stage, "--tick", tick)
        programs.start(AWS, "local.aws", *options)
    else:
        programs.start(MAILBOX, "local.mailbox", "--port", mailbox)
    programs.start(PAYBOX, "local.paybox", "--port", str(ports.paybox), "--state", str(STATE / "paybox"))
    importlib.import_module("app")
    programs.wait_until_listening(AWS if own_aws else MAILBOX, ports.aws if own_aws else ports.mailbox)
    programs.wait_until_listening(PAYBOX, ports.paybox)


def know_the_bank() -> None:
    """The portal believes the notices of the fake Paybox, unless it was told whom to believe."""
    from local.paybox import public_key_pem

    if not os.environ.get("PORTAIL_PAYBOX_PUBLIC_KEYS"):
        os.environ["PORTAIL_PAYBOX_PUBLIC_KEYS"] = public_key_pem(STATE / "paybox")
