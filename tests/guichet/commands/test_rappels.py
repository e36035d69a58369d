"""`guichet rappels`: whom a day's reminders go to, a family held back, how many have left."""

import pytest

from chalicelib.services.mailing.reminders import reminder_run
from tests.support.payments.card_payments import plain


@pytest.fixture
def reminded(guichet, portal):
    """The reminders of 19 June, five days before the due date, of the invoice 169165."""

    def send(day="2026-06-19"):
        portal.clock.now = portal.clock.now.replace(day=int(day[-2:]), hour=10)
        name = f"rappels-{day}"
        portal.tasks.call("mailing_plan", {"kind": "reminders", "run": name})
        portal.tasks.call("mailing_deliver", {"run": name, "batches": ["000001"]})

    return send


def test_the_reminders_of_a_day_are_seen_before_they_leave(guichet):
    ran = guichet("rappels", "voir", "--le", "19/06/2026")
    assert ran.code == 0
    assert "Facture n° 169165, 57,00 €, compte dupont, Mme Éloïse Dupont, 5 jours avant l’échéance" in plain(ran.out)
    assert "à dupont@example.org" in ran.out
    assert "rappel" in plain(ran.out.splitlines()[-1])
    assert "0 rappel à envoyer, 0,00 €" in plain(guichet("rappels", "voir", "--le", "12/06/2026").out)


def test_a_family_that_is_held_back_gets_none_until_it_is_lifted(guichet, portal, reminded):
    ran = guichet("rappels", "retenir", "dupont", "--jusqu-au", "30/06/2026")
    assert (ran.code, "rappels retenus jusqu’au 30 juin 2026" in plain(ran.out)) == (0, True)
    assert "169165" in (seen := plain(guichet("rappels", "voir", "--le", "19/06/2026").out))
    assert "dupont, Mme Éloïse Dupont, 5 jours avant l’échéance : retenue par le guichet" in seen
    reminded()
    assert portal.stores.deliveries.find(reminder_run(-5), "169165") is None
    assert guichet("rappels", "retenir", "dupont", "--lever").code == 0
    reminded()
    assert portal.stores.deliveries.find(reminder_run(-5), "169165") is not None
    assert "déjà parti" in guichet("rappels", "voir", "--le", "19/06/2026").out
    assert "5 jours avant l’échéance 1" in plain(guichet("rappels", "compter").out)


@pytest.mark.parametrize("options", [(), ("--lever", "--jusqu-au", "30/06/2026"), ("--jusqu-au", "01/01/2020")])
def test_what_makes_no_sense_is_told(guichet, options):
    assert guichet("rappels", "retenir", "dupont", *options).code == 2
