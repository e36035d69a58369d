"""What every model of the domain is."""

import pytest
from pydantic import ValidationError

from chalicelib.domain.account import Account
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
