"""Our two signatures against eopayment's, an independent implementation, on random fields and messages.

It is an oracle for signatures only. Its known faults, each worked around or shown here:
- `sign` demands a PBX_HASH field, though SHA512 is Paybox's default; it writes the key to the log at DEBUG;
- `Payment.response` decodes the message and encodes it again before verifying: genuine messages with raw commas, `@` or
  an escaped slash come out unsigned;
- a forged message is answered `PAID` with `signed=False`: a caller who forgets the flag is robbed;
- a message without `erreur` or `reference` raises instead of being refused;
- an unreachable centre (00001) is told as a cancellation, a cancellation (00117) as a refusal.
"""

import importlib.util

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.payment.form import payment_form
from chalicelib.payment.signature import is_authentic, sign
from tests.support.payments.paybox_vectors import HMAC_KEY, PAYBOX_KEY, skip_unless

skip_unless(
    importlib.util.find_spec("eopayment"),
    "the oracle eopayment is not installed: pip install -r requirements-dev.txt",
)
from eopayment import paybox as oracle  # noqa: E402 - only once it is known to be there

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
fields_of_a_form = st.lists(st.tuples(texts, texts), max_size=12)


@settings(deadline=None, max_examples=200)
@given(fields=fields_of_a_form, key=st.binary(min_size=1, max_size=80), digest=st.sampled_from(sorted(oracle.ALGOS)))
def test_both_sign_any_form_alike(fields, key, digest):
    form = [("PBX_HASH", digest), *(field for field in fields if field[0] != "PBX_HASH")]
    assert sign(form, key.hex(), digest) == dict(oracle.sign(form, key))["PBX_HMAC"]


def test_both_sign_our_own_form_alike(merchant, payment_of_57_euros):
    *fields, (_, hmac) = payment_form(payment_of_57_euros, merchant)
    assert oracle.sign(fields, bytes.fromhex(HMAC_KEY))[-1] == ("PBX_HMAC", hmac)


@settings(deadline=None, max_examples=100)
@given(message=st.binary(max_size=400), other=st.binary(max_size=400), junk=st.binary(max_size=130))
def test_both_judge_any_message_alike(bank_pem, signature_of, message, other, junk):
    good = signature_of(message)
    for signature in (good, signature_of(other), junk, good + junk):
        for pem in (bank_pem, PAYBOX_KEY):
            assert is_authentic(message, signature, [pem]) is oracle.verify(message, signature, pem)


@pytest.mark.parametrize("altered", [False, True])
def test_the_oracle_calls_a_forged_message_paid_where_we_refuse_it(altered):
    """Why it is not what we run: its answer must be read with its flag."""
    backend = oracle.Payment({"site": "1999888", "rang": "32", "identifiant": "1", "shared_secret": HMAC_KEY})
    forged = "reference=A&erreur=00000&signature=AAAA" if altered else "reference=A&erreur=00000"
    answer = backend.response(forged)
    assert (answer.result, answer.signed) == (oracle.PAID, False)
