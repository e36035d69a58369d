"""3-D Secure's texts: plain ASCII, never empty, never cut in the middle of an escape, nothing invented."""

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.account import Address, Holder
from chalicelib.payment.form import billing_xml, mobile_parts, shopping_cart_xml, to_ascii

HOME = Address(line_1="1 place de la Pinède", postcode="06990", town="Saint-Aubin-les-Pins")
LIMITS = {"FirstName": 22, "LastName": 22, "Address1": 50, "ZipCode": 10, "City": 50, "CountryCode": 3}


def address_of(xml):
    root = ElementTree.fromstring(xml)  # noqa: S314 - made by our own code just above
    return {element.tag: element.text for element in root[0]}


def test_the_basket_is_one_article_as_the_bank_publishes_it():
    assert "<totalQuantity>20</totalQuantity>" in shopping_cart_xml(20)
    assert shopping_cart_xml(1) == (
        '<?xml version="1.0" encoding="utf-8"?>'
        "<shoppingcart><total><totalQuantity>1</totalQuantity></total></shoppingcart>"
    )


def test_a_name_is_folded_and_an_address_escaped():
    home = HOME.model_copy(update={"line_1": "3 rue de l’Église <b> & Cie"})
    xml = billing_xml(Holder(first_name="Zoë", last_name="Nguyễn-Œuvré"), home, None)
    assert "<Address1>3 rue de l'Eglise &lt;b&gt; &amp; Cie</Address1>" in xml
    assert address_of(xml)["LastName"] == "Nguyen-OEuvre"


@pytest.mark.parametrize("name", ["", " ", "李小龙", "-", "’", "\u200b\u0301"])
def test_a_name_of_which_nothing_is_left_becomes_famille(name):
    address = address_of(billing_xml(Holder(first_name=name, last_name=name), HOME, None))
    assert (address["FirstName"], address["LastName"]) == ("Famille", "Famille")


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Łukasz Ørsted", "Lukasz Orsted"), ("Straße", "Strasse"), ("ﬁ Ætna", "fi AEtna"), ("a\t\n b\u00a0c", "a b c")],
)
def test_letters_fold_to_what_a_reader_expects(written, folded):
    assert to_ascii(written, 50, default="") == folded


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("0612345678", ("+33", "0612345678")),
        ("+33 (0)6 12 34 56 78", ("+33", "0612345678")),
        ("0033 6-12-34-56-78", ("+33", "0612345678")),
        ("0639980001", ("+33", "0639980001")),
        ("0692123456", ("+262", "0692123456")),
        ("0690123456", ("+590", "0690123456")),
        ("0694123456", ("+594", "0694123456")),
        ("0696123456", ("+596", "0696123456")),
        ("+687751234", ("+687", "751234")),
        ("+377612345678", ("+377", "0612345678")),
        ("+32470123456", ("+32", "0470123456")),
        ("+393471234567", ("+39", "3471234567")),
    ],
)
def test_a_mobile_has_its_country_s_code_and_is_written_as_dialled_there(number, parts):
    assert mobile_parts(number) == parts
    address = address_of(billing_xml(Holder(last_name="Dupont"), HOME, number))
    assert (address["CountryCodeMobilePhone"], address["MobilePhone"]) == parts


@pytest.mark.parametrize("number", [None, "", "0493000000", "+377 93 15 12 34", "061234567", "06123456789", "inconnu"])
def test_any_other_number_is_left_out_rather_than_invented(number):
    assert "Phone" not in billing_xml(Holder(last_name="Dupont"), HOME, number)


@pytest.mark.parametrize(
    ("country", "postcode", "number"),
    [
        ("FR", "06990", "250"),
        ("FR", "97110", "312"),
        ("FR", "97133", "652"),
        ("FR", "97150", "663"),
        ("FR", "97200", "474"),
        ("FR", "97300", "254"),
        ("FR", "97400", "638"),
        ("FR", "97500", "666"),
        ("FR", "97600", "175"),
        ("FR", "98600", "876"),
        ("FR", "98714", "258"),
        ("FR", "98800", "540"),
        ("FR", "98000", "492"),
        ("MC", "98000", "492"),
        ("BE", "1000", "056"),
        ("LU", "L-1234", "442"),
        ("CH", "1201", "756"),
        ("ES", "97400", "724"),
        ("", "6990", "250"),
        ("", "974", "250"),
    ],
)
def test_the_bank_is_told_the_country_or_the_overseas_territory(country, postcode, number):
    home = HOME.model_copy(update={"country": country, "postcode": postcode})
    address = address_of(billing_xml(Holder(last_name="Dupont"), home, None))
    assert (address["CountryCode"], address["ZipCode"]) == (number, postcode)


def test_a_country_without_postcodes_has_a_text_where_the_bank_wants_one():
    home = HOME.model_copy(update={"country": "IE", "postcode": "", "town": "Dublin"})
    address = address_of(billing_xml(Holder(last_name="Dupont"), home, None))
    assert (address["CountryCode"], address["ZipCode"]) == ("372", "Inconnu")


@settings(deadline=None, max_examples=150)
@given(first=st.text(), last=st.text(), line=st.text(), postcode=st.text(), town=st.text(), mobile=st.text())
def test_whatever_was_imported_the_bank_can_read_it(first, last, line, postcode, town, mobile):
    home = Address(line_1=line, postcode=postcode, town=town)
    xml = billing_xml(Holder(first_name=first, last_name=last), home, mobile)
    assert xml.isascii()
    assert xml.isprintable()
    address = address_of(xml)
    assert all(address[name] and len(address[name]) <= limit for name, limit in LIMITS.items())
