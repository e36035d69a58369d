"""What every test may ask for: a stopped clock, a portal over an emulated AWS, and a browser with opinions."""

import os
import socket
from datetime import UTC, date, datetime

import pytest

from chalicelib import portal as portals
from chalicelib.stage_settings import Secrets, Settings, load_town
from tests.support import rights
from tests.support.browsing import Browser
from tests.support.emulated import clients, emulated_aws
from tests.support.fakes.clock import StoppedClock
from tests.support.fakes.tasks import TasksHere
from tests.support.local_portal import start_desk
from tests.support.payments.bank import signing_bank
from tests.support.people import add_people

TEST_SECRETS = Secrets.from_texts(
    {name: f"{n:02x}" * 32 for n, name in enumerate(("pepper", "csrf", "links", "activation", "counting"), 1)}
    | {"paybox_hmac_key": "0123456789ABCDEF" * 8}
)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_configure():
    rights.listen()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a process of pytest-xdist noted."""
    rights.CALLED.update(map(tuple, getattr(node, "workeroutput", {}).get("rights", ())))


def pytest_sessionfinish(session, exitstatus):
    """Once every test has passed: no policy allows what nobody called. A part of the tests proves nothing of that."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["rights"] = sorted(rights.CALLED)
    elif exitstatus == pytest.ExitCode.OK and whole_run(session.config) and rights.unused(rights.CALLED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    if exitstatus == pytest.ExitCode.TESTS_FAILED and whole_run(config):
        for who, action, pattern in rights.unused(rights.CALLED):
            told = f"a right that no test needs: {who} {action} {pattern} ({rights.remedy(who)})"
            terminalreporter.write_line(told, red=True)


def whole_run(config):
    chosen = config.option.keyword or config.option.markexpr or getattr(config.option, "lf", False)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not chosen


@pytest.fixture(autouse=True)
def nothing_without_the_right_to():
    """What a function or the office's command called during the test, its policy allows."""
    before = set(rights.CALLED)
    yield
    assert rights.refused(rights.CALLED - before) == []


@pytest.fixture(autouse=True, scope="session")
def no_socket_beyond_loopback():
    """The project talks to nobody: a test that tries fails by name."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def rehearsal_credentials(monkeypatch):
    """What boto3 needs to sign calls that go nowhere; nothing of the caller's own AWS leaks in."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "PORTAIL_"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")


@pytest.fixture
def clock():
    return StoppedClock(datetime(2026, 6, 10, 9, 0, tzinfo=UTC))


@pytest.fixture
def today():
    return date(2026, 6, 10)


@pytest.fixture
def settings():
    return Settings(
        stage="test",
        public_url="https://portail.example.org",
        captcha_answer="MIYPP",
        bcrypt_cost=4,
        paybox_url="https://tpeweb.example.org/cgi/FramepagepaiementRWD.cgi",
        paybox_public_keys=signing_bank().public_pem,
    )


@pytest.fixture
def aws(settings):
    """An emulated AWS with this stage's tables and buckets, all empty."""
    with emulated_aws(settings, load_town(settings.town_file).mail_from):
        yield


@pytest.fixture
def portal(aws, clock, settings, monkeypatch):
    """The real portal over moto, with dupont, martin and their invoices."""
    built = portals.build(settings, TEST_SECRETS, clock=clock, clients=clients(), tasks=TasksHere())
    monkeypatch.setattr(portals, "current", lambda: built)
    add_people(built)
    return built


@pytest.fixture
def browser(portal):
    """A visitor who is not signed in."""
    return Browser()


@pytest.fixture
def dupont(portal):
    """Mme Dupont's browser, signed in."""
    signed_in = Browser()
    assert signed_in.sign_in().status == 303
    return signed_in


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    """The whole desk, as `make run` starts it, once for all the tests that talk to it."""
    process, running = start_desk(tmp_path_factory.mktemp("desk"))
    yield running
    process.terminate()
    process.wait(20)
