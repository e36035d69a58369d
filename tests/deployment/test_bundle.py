"""What the bundle's own steps do: templates compiled, bytecode trusted, the same zip of the same files."""

import os
import subprocess
import zipfile

import pytest
from jinja2 import ModuleLoader

from chalicelib.rendering import environment, precompile
from deployment.archive import sha256, unpacked_bytes, write_zip
from deployment.bundle import add_bytecode
from tests.support.page_contexts import CONTEXTS

UNCHECKED = 0b01
"""The flags of a .pyc that names its source's hash and is not checked against it (PEP 552)."""


@pytest.fixture
def code(tmp_path):
    folder = tmp_path / "code"
    (folder / "inner").mkdir(parents=True)
    (folder / "app.py").write_text("NAMES = frozenset(('a', 'b', 'c', 'd'))\n\n\ndef fail():\n    raise ValueError\n")
    (folder / "inner" / "data.txt").write_text("é" * 100)
    return folder


def test_the_same_files_make_the_same_zip_whatever_their_dates_and_modes(code, tmp_path):
    write_zip(code, tmp_path / "one.zip")
    os.utime(code / "app.py", (0, 1_000_000_000))
    (code / "inner" / "data.txt").chmod(0o600)
    write_zip(code, tmp_path / "two.zip")
    assert sha256(tmp_path / "one.zip") == sha256(tmp_path / "two.zip")
    assert unpacked_bytes(tmp_path / "one.zip") == sum(path.stat().st_size for path in code.rglob("*.*"))


def test_another_byte_makes_another_zip(code, tmp_path):
    write_zip(code, tmp_path / "one.zip")
    (code / "inner" / "data.txt").write_text("è" * 100)
    write_zip(code, tmp_path / "two.zip")
    assert sha256(tmp_path / "one.zip") != sha256(tmp_path / "two.zip")


def test_what_the_zip_holds_can_be_read_by_whoever_lambda_runs_as(code, tmp_path):
    write_zip(code, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
        assert archive.namelist() == ["app.py", "inner/data.txt"]


def test_bytecode_is_the_same_twice_is_not_checked_and_names_lambda_s_own_folder(code):
    add_bytecode(code)
    (compiled,) = (code / "__pycache__").iterdir()
    first = compiled.read_bytes()
    add_bytecode(code)
    assert compiled.read_bytes() == first
    assert int.from_bytes(first[4:8], "little") == UNCHECKED
    assert b"/var/task/app.py" in first
    assert str(code).encode() not in first


def test_a_module_that_does_not_compile_stops_the_build(code):
    (code / "inner" / "broken.py").write_text("def :")
    with pytest.raises(subprocess.CalledProcessError):
        add_bytecode(code)


def test_every_template_is_compiled_and_says_what_it_said(tmp_path):
    precompile(tmp_path)
    compiled = environment().overlay(loader=ModuleLoader(tmp_path))
    assert len(list(tmp_path.glob("tmpl_*.py"))) == len(environment().list_templates())
    for template, context in CONTEXTS.values():
        name = f"pages/{template}.html"
        assert compiled.get_template(name).render(context) == environment().get_template(name).render(context)
