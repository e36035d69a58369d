"""Files that an agent names: never over another one, never half written, and a refusal says why in French."""

import errno
import io
import os
from pathlib import Path

import pytest
import typer

from guichet.console import ExitCode
from guichet.failures import friendly_errors
from guichet.output_file import new_output_file, open_output_folder, replace_output_file, write_error, write_output_file


def refused(capsys, write):
    """What the desk reads, spaces made plain, when `write` ends the command."""
    with pytest.raises(typer.Exit) as ended:
        write()
    assert ended.value.exit_code == ExitCode.REFUSED
    return capsys.readouterr().err.replace("\u00a0", " ")


class Full(io.BytesIO):
    """A file on a disk without room."""

    def write(self, content):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def full_disk(monkeypatch):
    opened = Path.open

    def no_room(path, mode="r", *args, **options):
        held = opened(path, mode, *args, **options)
        if "r" in mode:
            return held
        held.close()
        return Full()

    monkeypatch.setattr(Path, "open", no_room)


def test_another_file_is_left_as_it_is(capsys, tmp_path):
    path = tmp_path / "lot.pdf"
    path.write_bytes(b"kept")
    assert f"{path} existe déjà : rien n’a été écrit." in refused(capsys, lambda: write_output_file(path, b"new"))
    assert path.read_bytes() == b"kept"


def test_a_folder_that_is_not_there_is_named(capsys, tmp_path):
    path = tmp_path / "envoi d'hier" / "lot.pdf"
    said = refused(capsys, lambda: write_output_file(path, b"new"))
    assert said.startswith(f"{path} ne peut pas être écrit : le dossier ")
    assert said.rstrip().endswith("hier n’existe pas.")


def test_a_folder_is_no_file_and_a_file_no_folder(capsys, tmp_path):
    (tmp_path / "lot.pdf").touch()
    assert f"{tmp_path} est un dossier." in refused(capsys, lambda: write_output_file(tmp_path, b"new"))
    inside = tmp_path / "lot.pdf" / "lot.csv"
    assert "un dossier de ce chemin n’en est pas un" in refused(capsys, lambda: write_output_file(inside, b"new"))
    assert "lot.pdf n’est pas un dossier." in refused(capsys, lambda: open_output_folder(tmp_path / "lot.pdf"))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "vous n’avez pas le droit d’y écrire"),
        (errno.ENOSPC, "le disque est plein"),
        (errno.EROFS, "ce disque est en lecture seule"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_what_the_system_refuses_is_told_in_french_or_as_it_says_it(tmp_path, number, reason):
    said = write_error(tmp_path / "x", OSError(number, os.strerror(number)))
    assert said.replace("\u00a0", " ") == f"{tmp_path / 'x'} ne peut pas être écrit : {reason}."


def test_a_disk_that_fills_up_leaves_no_half_of_a_file(capsys, tmp_path, full_disk):
    assert "le disque est plein" in refused(capsys, lambda: write_output_file(tmp_path / "lot.pdf", b"new"))
    assert list(tmp_path.iterdir()) == []


def test_a_letter_printed_again_is_replaced_whole_or_not_at_all(capsys, tmp_path, monkeypatch):
    path = tmp_path / "lettre.pdf"
    replace_output_file(path, b"first")
    replace_output_file(path, b"second")
    assert path.read_bytes() == b"second"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", lambda *_: Full().write(b""))
        assert "le disque est plein" in refused(capsys, lambda: replace_output_file(path, b"third"))
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"second"]


def test_what_was_reserved_and_not_filled_is_gone_again(tmp_path):
    with new_output_file(tmp_path / "lot.pdf"):
        assert (tmp_path / "lot.pdf").exists()
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_no_file_that_looks_whole(tmp_path):
    def interrupted():
        with new_output_file(tmp_path / "lot.pdf") as fill:
            fill(b"half of what was to come")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_under_our_own_copies_is_a_sentence_too(capsys):
    def work():
        with friendly_errors():
            Full().write(b"")

    assert "Le disque est plein. Faites de la place" in refused(capsys, work)
