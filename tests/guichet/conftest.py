"""The desk's command, run inside the test over the test's own portal."""

import os
from dataclasses import dataclass

import pytest

from guichet.__main__ import main
from tests.flows.mailing.test_mailing import BATCH, mailed, published, start_due
from tests.support.rights import COMMAND, acting


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it wrote on its two outputs, spaces made plain."""

    code: int
    out: str
    err: str


@pytest.fixture
def command_line(monkeypatch, capsys):
    """Call the command with the words of a command line; it reaches no portal."""
    monkeypatch.setenv("PORTAIL_STAGE", "test")

    def run(*words):
        with acting(COMMAND):
            code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Ran(code, *(" ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split(" ")) for text in printed))

    return run


@pytest.fixture
def guichet(portal, command_line):
    """The same, at work on the test's portal."""
    return command_line


@pytest.fixture
def pipe():
    """What a shell gives a command for `<(cat FILE)`: the name of a pipe that holds the file and can be read once."""
    ends = []

    def pipe(file):
        reader, writer = os.pipe()
        ends.append(reader)
        os.write(writer, file.read_bytes())
        os.close(writer)
        return f"/dev/fd/{reader}"

    yield pipe
    for end in ends:
        os.close(end)


@pytest.fixture
def run(portal):
    """A run of seven, delivered and closed: odd ones by mail to dupont, even ones on paper to martin."""
    name = published(portal, *BATCH)
    start_due(portal)
    mailed(portal, name)
    return name


@pytest.fixture
def bring(guichet, tmp_path):
    """Import a file of these lines of settlements."""

    def bring(*lines, options=()):
        path = tmp_path / "reglements.csv"
        path.write_text("date;numero;montant;moyen;reference\n" + "\n".join(lines) + "\n", "utf-8")
        return guichet("reglements", "importer", path, *options)

    return bring
