"""Four ports in a row, and one sentence when one is taken."""

import errno
import os
import re
import socket

import pytest

from local.ports import LocalStackError, Ports, port_refusal, require_free


def test_the_others_follow_the_portals_port():
    ports = Ports.from_mapping({"PORT": "9000"})
    assert (ports.portal, ports.aws, ports.paybox, ports.mailbox) == (9000, 9001, 9002, 9003)
    assert Ports.from_mapping({"PORT": ""}) == Ports.from_mapping({}) == Ports(8000)


@pytest.mark.parametrize("text", ["huit mille", "0", "-1", "65533", "80.5", "８０００"])
def test_what_is_no_port_is_refused_in_a_sentence(text):
    with pytest.raises(LocalStackError, match=r"n’est pas un numéro de port"):
        Ports.from_mapping({"PORT": text})


@pytest.mark.parametrize("host", ["127.0.0.1", ""])
def test_a_taken_port_is_named_with_the_way_out(host):
    with socket.socket() as taken:
        taken.bind((host, 0))  # « "" » is every address of the machine
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalStackError) as refusal:
            require_free({"AWS simulé": port})
    assert re.search(rf"Le port {port} \(AWS simulé\) est déjà pris.*PORT=9000 make run", str(refusal.value))


@pytest.mark.parametrize(
    ("code", "told"), [(errno.EADDRINUSE, "est déjà pris"), (errno.EACCES, "ne peut pas être ouvert par vous")]
)
def test_a_port_that_cannot_be_had_is_told_in_french_alone(code, told):
    sentence = port_refusal(OSError(code, os.strerror(code)), "portail", 80)
    assert sentence.startswith(f"Le port 80 (portail) {told}")
    assert os.strerror(code) not in sentence


def test_free_ports_are_accepted_even_just_after_use():
    with socket.socket() as used:
        used.bind(("127.0.0.1", 0))
        port = used.getsockname()[1]
    require_free({"portail": port})
