"""What leaves for a spreadsheet cannot run there, and comes back as it was."""

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contact.email_address import find_email
from chalicelib.contact.phone import find_phone
from chalicelib.contact.postal_address import read_place
from chalicelib.domain.account import Account, Address, DeliveryMode, Holder
from chalicelib.domain.country import countries
from chalicelib.importing import account_changes
from chalicelib.importing.accounts import PARSERS, read_accounts
from chalicelib.importing.csv_writer import csv_file, escape_formula, unescape_formula
from tests.support.people import DUPONT

TODAY = date(2026, 6, 10)


def test_an_account_goes_back_with_a_cell_under_each_column():
    row = account_changes.row(DUPONT, TODAY)
    assert len(row) == len(account_changes.HEADER), "chalicelib/importing/account_changes.py, _cells: one per column"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_what_begins_like_a_formula_is_disarmed(cell):
    assert escape_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Zoé", "l’été", "a=1", "12 rue des Genêts"])
def test_any_other_text_is_left_alone(cell):
    assert escape_formula(cell) == cell


@given(st.text(max_size=20) | st.from_regex(r"'{0,3}[=+@-].{0,5}"))
def test_a_disarmed_cell_is_read_back_as_it_was(cell):
    assert unescape_formula(escape_formula(cell)) == cell


WORDS = st.text("abcÉœ '’=+-@.;,\"1", min_size=1, max_size=12).map(lambda text: text.strip()).filter(bool)
NUMBERS = st.sampled_from((
    "0639980001", "0692123456", "+687751234", "+68987123456", "+37793151234", "+32470123456", "+390612345678", "",
)).map(find_phone)  # fmt: skip
EMAILS = st.sampled_from(("+a@example.org", "-a@example.org", "=a@b.fr", "camille@exâmple.org", "")).map(find_email)
PLACES = st.one_of(
    st.sampled_from((("1000", "Bruxelles"), ("L-1234", "x"), ("98000", "Monaco"), ("6990", "x"), ("97400", "x"))),
    st.from_regex(r"[0-9]{4,5}", fullmatch=True).map(lambda postcode: (postcode, "Bruxelles")),
).map(lambda place: (place[1], read_place(*place, None)))
ABROAD = st.sampled_from([code for code in countries() if code not in "FR MC AD BE CH DE ES IT LI LU"])


@st.composite
def accounts(draw):
    town, place = draw(PLACES)
    address = Address(line_1=draw(WORDS), line_2=draw(WORDS), postcode=place.postcode, town=town, country=place.country)
    if draw(st.booleans()):
        address = address.model_copy(update={"postcode": "H2X 1Y4", "country": draw(ABROAD)})
    mobile, landline = draw(NUMBERS), draw(NUMBERS)
    return Account(
        username="100001", family="7001", holder=Holder(last_name=draw(WORDS)), address=address, email=draw(EMAILS),
        mobile=mobile and mobile.number, landline=landline and landline.number,
        delivery_mode=draw(st.sampled_from(DeliveryMode)), quotient_cents=draw(st.none() | st.integers(0, 10**7)),
    )  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(accounts())
def test_an_account_that_left_comes_back_the_same(account):
    cells = account_changes.row(account, TODAY)[: len(PARSERS)]
    (record,) = read_accounts(io.BytesIO(csv_file(list(PARSERS), [cells])))
    assert (record.problems, record.value) == ((), account)
