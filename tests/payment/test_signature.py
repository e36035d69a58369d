"""Both signatures, against published vectors, openssl and everything that may be thrown at them."""

import base64
import shutil
import subprocess
import sys
from urllib.parse import unquote_to_bytes

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.payment.signature import is_authentic, sign, split_keys
from tests.support.payments.paybox_vectors import HMAC_KEY, PAYBOX_KEY, VECTORS, skip_unless

MESSAGE = b"Mt=5700&Ref=AAAAAA&Erreur=00000"


def by_id(vector):
    return vector["id"]


@pytest.mark.parametrize("vector", VECTORS["hmac"], ids=by_id)
def test_hmac_is_the_published_one(vector):
    fields = [(name, value) for name, value in vector["fields"]]
    matches = sign(fields, vector["key_hex"], vector["hash"]) == vector["pbx_hmac"]
    assert matches is vector["should_verify"]


@pytest.mark.parametrize("vector", VECTORS["rsa"], ids=by_id)
def test_rsa_signature_is_judged_as_published(vector):
    mark = f"&{vector['signature_name']}=".encode()
    message, _, signature = vector["raw"].encode().rpartition(mark)
    decoded = base64.b64decode(unquote_to_bytes(signature))
    assert is_authentic(message, decoded, [PAYBOX_KEY]) is vector["should_verify"]


def test_every_vector_is_played():
    assert (len(VECTORS["hmac"]), len(VECTORS["rsa"])) == (5, 8)


def test_order_emptiness_and_case_of_fields_all_count():
    base = sign([("PBX_A", "1"), ("PBX_B", "")], HMAC_KEY)
    others = [
        [("PBX_B", ""), ("PBX_A", "1")],
        [("PBX_A", "1")],
        [("PBX_a", "1"), ("PBX_B", "")],
        [("PBX_A", "1"), ("PBX_B", " ")],
    ]
    assert base == base.upper()
    assert len(base) == 128
    assert base not in {sign(fields, HMAC_KEY) for fields in others}


@pytest.mark.parametrize(("digest", "letters"), [("SHA512", 128), ("SHA384", 96), ("SHA256", 64), ("SHA224", 56)])
def test_each_digest_of_paybox_has_its_length(digest, letters):
    assert len(sign([("PBX_SITE", "1999888")], HMAC_KEY, digest)) == letters


@pytest.mark.parametrize(("key", "digest"), [("not hexadecimal", "SHA512"), ("ABC", "SHA512"), (HMAC_KEY, "MD5")])
def test_a_wrong_key_or_digest_is_a_clear_error_that_does_not_show_the_key(key, digest):
    with pytest.raises(ValueError, match=r"non-hexadecimal|unknown digest") as refusal:
        sign([("PBX_SITE", "1999888")], key, digest)
    assert key not in str(refusal.value)


def test_one_good_key_among_broken_ones_is_enough(bank_pem, signature_of):
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    other_kind = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    broken = ["", "no PEM at all", bank_pem[:90], other_kind, PAYBOX_KEY]
    assert is_authentic(MESSAGE, signature_of(MESSAGE), [*broken, bank_pem])
    assert not is_authentic(MESSAGE, signature_of(MESSAGE), broken)


def test_no_key_means_not_authentic(signature_of):
    assert not is_authentic(MESSAGE, signature_of(MESSAGE), [])


@settings(deadline=None, max_examples=60)
@given(message=st.binary(max_size=300), place=st.integers(min_value=0), junk=st.binary(min_size=1, max_size=140))
def test_what_is_altered_anywhere_is_not_authentic(bank_pem, signature_of, message, place, junk):
    good = signature_of(message)
    assert is_authentic(message, good, [bank_pem])
    at = place % len(good)
    flipped = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
    for bad in (flipped, good[:-1], good + junk, junk, b""):
        assert not is_authentic(message, bad, [bank_pem])
    assert not is_authentic(message + junk, good, [bank_pem])


@settings(deadline=None, max_examples=60)
@given(signed=st.binary(), signature=st.binary(), keys=st.lists(st.text()))
def test_nothing_makes_the_verification_raise(signed, signature, keys):
    assert is_authentic(signed, signature, keys) is False


@pytest.mark.parametrize(
    ("signed", "signature", "keys"),
    [
        (MESSAGE.decode(), b"x", [PAYBOX_KEY]),
        (MESSAGE, "x" * 128, [PAYBOX_KEY]),
        (None, None, [PAYBOX_KEY]),
        (MESSAGE, bytes(129), [PAYBOX_KEY]),
        (MESSAGE, bytes(128), [None, 5, b"", PAYBOX_KEY.encode(), [PAYBOX_KEY], "\ud800"]),
        (MESSAGE, bytes(128), PAYBOX_KEY),
        (MESSAGE, bytes(128), None),
        (MESSAGE, bytes(128), 5),
    ],
)
def test_what_has_the_wrong_type_is_not_authentic_either(signed, signature, keys):
    assert is_authentic(signed, signature, keys) is False


def test_openssl_verifies_what_we_verify_and_signs_what_we_accept(tmp_path, bank_pem, signature_of):
    openssl = shutil.which("openssl")
    skip_unless(openssl, "the cross-check needs the command openssl: install the package of that name")
    (tmp_path / "key.pem").write_text(bank_pem)
    (tmp_path / "signature").write_bytes(signature_of(MESSAGE))
    verify = [openssl, "dgst", "-sha1", "-verify", tmp_path / "key.pem", "-signature", tmp_path / "signature"]
    for message, expected in ((MESSAGE, True), (MESSAGE + b"0", False)):
        (tmp_path / "message").write_bytes(message)
        answer = subprocess.run([*verify, tmp_path / "message"], capture_output=True, check=False)
        assert (answer.returncode == 0) is expected is is_authentic(message, signature_of(MESSAGE), [bank_pem])


def test_keys_kept_one_after_the_other_are_told_apart(bank_pem):
    assert split_keys(f"\n{bank_pem}{PAYBOX_KEY}\n") == (bank_pem.strip(), PAYBOX_KEY.strip())
    assert split_keys("") == ()


def test_the_web_function_pays_for_cryptography_only_when_a_notice_comes():
    code = "import sys, chalicelib.payment.notice, chalicelib.payment.form; sys.exit('cryptography' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
