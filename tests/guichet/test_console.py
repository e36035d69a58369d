"""Progress of long work: a bar on a terminal, a line a minute in a log."""

from types import SimpleNamespace

from guichet import console


def test_without_a_terminal_long_work_says_how_far_it_is_once_a_minute(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(console, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with console.progress("Factures", 4100) as advance:
        for second in (10, 59, 61, 100, 122):
            now[0] = float(second)
            advance(1000 if second < 122 else 100)
    said = [line.replace("\u00a0", " ").replace("\u202f", " ") for line in capsys.readouterr().err.splitlines()]
    assert said == ["Factures : 3 000 sur 4 100", "Factures : 4 100 sur 4 100"]


def test_short_work_says_nothing(capsys):
    with console.progress("Factures", None) as advance:
        advance(12)
    assert capsys.readouterr().err == ""
