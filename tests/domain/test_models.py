"""What every model of the domain is."""

import pytest
from pydantic import ValidationError

from chalicelib.domain.account import Account
from chalicelib.domain.request import Proof
from chalicelib.store.table import item_of, model_of
from tests.support.people import DUPONT


def test_an_error_s_text_never_quotes_what_a_record_holds():
    """It may reach a log, or the history of a workflow."""
    spoilt = item_of(DUPONT) | {"family": {"N": "12"}, "email": {"L": [{"S": DUPONT.email}]}}
    del spoilt["holder"]
    with pytest.raises(ValidationError) as refused:
        model_of(Account, spoilt)
    said = str(refused.value)
    assert "holder" in said
    assert not [told for told in (DUPONT.email, DUPONT.username, "Mûriers") if told in said]


def test_a_renamed_field_keeps_the_name_it_is_stored_under():
    proof = Proof(key="justificatifs/x.pdf", extension="pdf", size_bytes=3, sha256="0" * 64)
    stored = item_of(proof)
    assert (stored["octets"], "size_bytes" in stored) == ({"N": "3"}, False)
    assert model_of(Proof, stored) == proof
