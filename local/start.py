"""Starts and stops the local stack: its ports, its programs in order, and the portal."""

import importlib
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local import banner
from local.environment import clock_seconds, local_environment, uses_own_aws
from local.ports import LocalStackError, Ports, require_free
from local.processes import Processes

STATE = Path(__file__).parent.parent / ".local"
PORTAL, AWS, PAYBOX, MAILBOX = "portail", "AWS simulé", "Paybox simulé", "boîte aux lettres"


def run_portal(ports: Ports) -> None:
    """Run everything, with the portal served by this process, until Ctrl-C. Raises LocalStackError."""
    with local_stack(ports, {PORTAL: ports.portal}) as own_aws:
        from local import provision, server

        portal = provision.provisioned_portal(STATE, own_aws=own_aws)
        app = importlib.import_module("app").app
        portal_server = server.make_server(app, ports.portal, base_path=portal.settings.base_path)
        print(banner.portal_banner(portal, ports, own_aws=own_aws), flush=True)
        portal_server.serve_forever()


def run_cloud(ports: Ports) -> None:
    """Run everything but the portal, until Ctrl-C. Raises LocalStackError."""
    with local_stack(ports, {}) as own_aws:
        from local import provision

        portal = provision.provisioned_portal(STATE, own_aws=own_aws)
        print(banner.cloud_banner(portal, ports, own_aws=own_aws), flush=True)
        threading.Event().wait()


@contextmanager
def local_stack(ports: Ports, also: dict[str, int]) -> Iterator[bool]:
    """Run the local stack's programs inside the context. Yields whether the AWS is our own.

    Raises LocalStackError when a port is taken, or when a program does not start or ends by itself.
    """
    own_aws = uses_own_aws(os.environ)
    require_free(also | ({AWS: ports.aws} if own_aws else {}) | {PAYBOX: ports.paybox, MAILBOX: ports.mailbox})
    with Processes() as programs:
        os.environ.update(local_environment(os.environ, ports))
        start_programs(programs, ports, own_aws=own_aws)
        programs.watch(lambda name: os.kill(os.getpid(), signal.SIGTERM))
        try:
            yield own_aws
        except KeyboardInterrupt:
            if programs.ended:
                raise LocalStackError(f"« {programs.ended} » s’est arrêté : le bureau s’arrête aussi.") from None
            raise


def start_programs(programs: Processes, ports: Ports, *, own_aws: bool) -> None:
    """Start the programs together, and import the application meanwhile."""
    trust_fake_paybox()
    mailbox = str(ports.mailbox)
    if own_aws:
        stage, tick = os.environ["PORTAIL_STAGE"], str(clock_seconds(os.environ))
        options = ("--port", str(ports.aws), "--mailbox-port", mailbox, "--stage", stage, "--tick", tick)
        programs.start(AWS, "local.aws", *options)
    else:
        programs.start(MAILBOX, "local.mailbox", "--port", mailbox)
    programs.start(PAYBOX, "local.paybox", "--port", str(ports.paybox), "--state", str(STATE / "paybox"))
    importlib.import_module("app")
    programs.wait_until_listening(AWS if own_aws else MAILBOX, ports.aws if own_aws else ports.mailbox)
    programs.wait_until_listening(PAYBOX, ports.paybox)


def trust_fake_paybox() -> None:
    """Have the portal accept the fake Paybox's signature, unless PORTAIL_PAYBOX_PUBLIC_KEYS is set."""
    from local.paybox import public_key_pem

    if not os.environ.get("PORTAIL_PAYBOX_PUBLIC_KEYS"):
        os.environ["PORTAIL_PAYBOX_PUBLIC_KEYS"] = public_key_pem(STATE / "paybox")
