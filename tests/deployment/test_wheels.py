"""Only the wheels that we wrote down enter a bundle, and only those that Lambda's Linux loads."""

import hashlib
import sys
import zipfile

import pytest

from deployment.wheels import SERVICES, PythonRefused, WheelsRefused, install_wheels, platforms, require_lambda_python

METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder that pip takes for its only index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def wheel(index, tag):
    """A library of one module. Returns its hash."""
    file = index / f"tiny-1.0-{tag}.whl"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("tiny/__init__.py", "SIZE = 1\n")
        archive.writestr("tiny/fast.c", "int size;")
        archive.writestr("tiny-1.0.dist-info/METADATA", METADATA)
        archive.writestr("tiny-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
        archive.writestr("botocore/data/s3/service.json", "{}")
        archive.writestr("botocore/data/ec2/service.json", "{}")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def install(tmp_path, digest, architecture="x86_64"):
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    install_wheels(requirements, tmp_path / "vendor", architecture=architecture)
    return sorted(path.relative_to(tmp_path / "vendor").as_posix() for path in (tmp_path / "vendor").rglob("*.*"))


def test_a_wheel_of_the_hash_written_down_is_installed_without_what_never_runs(index, tmp_path):
    installed = install(tmp_path, wheel(index, "py3-none-any"))
    assert "tiny/__init__.py" in installed
    assert "tiny/fast.c" not in installed
    assert [name for name in installed if name.startswith("botocore/data/")] == ["botocore/data/s3/service.json"]


def test_another_hash_stops_the_build(index, tmp_path):
    wheel(index, "py3-none-any")
    with pytest.raises(WheelsRefused, match="DO NOT MATCH THE HASHES"):
        install(tmp_path, "0" * 64)
    assert not (tmp_path / "vendor").exists()


def test_a_requirement_without_a_hash_stops_the_build(index, tmp_path):
    wheel(index, "py3-none-any")
    (tmp_path / "requirements.txt").write_text("tiny==1.0\n")
    with pytest.raises(WheelsRefused, match="hash"):
        install_wheels(tmp_path / "requirements.txt", tmp_path / "vendor", architecture="x86_64")


@pytest.mark.parametrize("built_for", ["linux_x86_64", "manylinux_2_39_x86_64", "manylinux2014_aarch64", "win_amd64"])
def test_a_wheel_that_lambda_could_not_load_stops_the_build(index, tmp_path, built_for):
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    digest = wheel(index, f"{version}-{version}-{built_for}")
    with pytest.raises(WheelsRefused, match="No matching distribution"):
        install(tmp_path, digest)


@pytest.mark.parametrize(("architecture", "machine"), [("x86_64", "x86_64"), ("arm64", "aarch64")])
def test_each_processor_gets_its_own_wheels(index, tmp_path, architecture, machine):
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    digest = wheel(index, f"{version}-{version}-manylinux2014_{machine}")
    assert "tiny/__init__.py" in install(tmp_path, digest, architecture)
    assert all(platform.endswith(machine) for platform in platforms(architecture))


def test_the_services_described_are_those_that_our_clients_talk_to(portal):
    clients = ("dynamodb", "s3", "ses", "ssm", "functions", "workflows")
    assert {getattr(portal.clients, name).meta.service_model.service_name for name in clients} == SERVICES


def test_another_python_than_lambda_s_is_refused_with_how_to_get_it():
    require_lambda_python((3, 13, 0))
    for other in ((3, 11, 7), (3, 12, 1), (3, 14, 0)):
        with pytest.raises(PythonRefused, match=r"Python 3\.13, and .*apt install python3\.13"):
            require_lambda_python(other)
