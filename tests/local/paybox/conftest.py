"""A portal that listens and a simulator that restarts on the same state."""

import threading

import pytest

from local.paybox.server import serve_paybox
from tests.support.payments.paybox_merchant import CONTRACT, NOON, Portal, Visitor


@pytest.fixture
def portal():
    with Portal() as server:
        yield server
        server.shutdown()


@pytest.fixture
def start(tmp_path):
    """Start a simulator on the same state, as often as one likes."""
    servers = []

    def started():
        server = serve_paybox(port=0, state_dir=tmp_path, contract=CONTRACT, clock=lambda: NOON)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return Visitor(server.server_port)

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def visitor(start):
    return start()
