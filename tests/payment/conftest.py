"""A bank of our own for these tests: its key, and messages signed as Paybox signs them."""

import base64
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.domain.account import Address, Holder
from chalicelib.payment.form import Merchant, PaymentRequest
from tests.support.payments.paybox_vectors import HMAC_KEY


@pytest.fixture(scope="session")
def bank_key():
    return generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - the length of Paybox's key


@pytest.fixture(scope="session")
def bank_pem(bank_key):
    return bank_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="session")
def signature_of(bank_key):
    return lambda message: bank_key.sign(message, PKCS1v15(), SHA1())  # noqa: S303 - Paybox's digest


@pytest.fixture(scope="session")
def signed(signature_of):
    """A message followed by its signature, as Paybox writes it on the wire."""

    def sign(message):
        return message + b"&Sign=" + quote(base64.b64encode(signature_of(message)), safe="").encode()

    return sign


@pytest.fixture
def merchant():
    """The manual's test account."""
    return Merchant(
        page_url="https://preprod-tpeweb.paybox.com/cgi/FramepagepaiementRWD.cgi",
        site="1999888",
        rang="32",
        identifiant="107904482",
        hmac_key=HMAC_KEY,
    )


@pytest.fixture
def payment_of_57_euros():
    """The guide's 57,00 €, paid by a holder whose name and address need folding."""
    return PaymentRequest(
        reference="ABCDEF-GHIJKL-MNOPQR-STUVWX",
        amount_cents=5700,
        receipt_email="camille.dupont@example.org",
        holder=Holder(civility="Mme", first_name="Zoë", last_name="Łukasz-Œuvré"),
        address=Address(line_1="3 rue de l’Église & Cie", postcode="06990", town="Saint-Aubin-les-Pins"),
        mobile="06 00 00 00 12",
        return_url="https://famille.example.org/paiements/ABCDEF-GHIJKL-MNOPQR-STUVWX",
        notice_url="https://famille.example.org/paybox/notification",
        at=datetime(2026, 6, 24, 7, 5, 9, tzinfo=UTC),
    )
