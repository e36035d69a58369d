"""The bank's notices as the gateway hands them over: believed when signed, settled once, and never a 500."""

import random

import pytest

from chalicelib.domain.bank_notice import NoticeOutcome
from chalicelib.domain.payment import Attempt, AttemptState
from chalicelib.payment.notice import fingerprint
from chalicelib.stage_settings import Settings
from tests.support.counting import counted_calls
from tests.support.faults import CONFLICT, failing
from tests.support.gateway import Call, send
from tests.support.letterbox import mails
from tests.support.payments.bank import REFUSED, SigningBank, signing_bank
from tests.support.payments.paying import say, start
from tests.support.people import add_invoices, invoice

REFERENCE = "AAAAAA-BBBBBB"


def started(portal, reference=REFERENCE, number="169165"):
    attempt = Attempt(
        reference=reference,
        invoice_number=number,
        username="dupont",
        amount_cents=5700,
        receipt_email="dupont@example.org",
        created_at=portal.clock(),
    )
    assert portal.stores.payments.add(attempt)
    return reference


@pytest.fixture
def attempt(portal):
    return started(portal)


def paid_cents(portal, number="169165"):
    return portal.stores.invoices.find("dupont", number).paid_cents


def state_of(portal, reference=REFERENCE):
    return portal.stores.payments.find(reference).state


def kept_on(portal):
    return list(portal.stores.notices.on("2026-06-10"))


def test_notice_pays_in_five_calls_and_answers_nothing(portal, attempt):
    with counted_calls(portal) as calls:
        answer = say(signing_bank().notice(attempt))
    assert (answer.status, answer.body, answer.location) == (200, b"", None)
    assert paid_cents(portal) == 5700
    assert sum(calls.values()) <= 6, "keep, read twice, write together, mark, journal"


def test_refusal_then_acceptance_pays(portal, attempt):
    assert say(signing_bank().notice(attempt, code=REFUSED)).status == 200
    assert state_of(portal) is AttemptState.REFUSED
    assert say(signing_bank().notice(attempt)).status == 200
    assert state_of(portal) is AttemptState.PAID


def test_authentic_message_is_kept_as_it_came(portal, attempt):
    raw = signing_bank().notice(attempt)
    for _ in range(3):
        assert say(raw).status == 200
    (kept,) = kept_on(portal)
    assert (kept.raw.encode("latin-1"), kept.fate) == (raw, NoticeOutcome.PAID)


def altered(raw):
    return raw.replace(b"Mt=5700", b"Mt=9999")


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (altered, 403),
        (lambda raw: raw.partition(b"&Sign=")[0], 403),
        (lambda raw: raw.partition(b"&Sign=")[0] + b"&Sign=", 403),
        (lambda raw: raw + b"A", 403),
        (lambda raw: raw + b"&Mt=1", 403),
        (lambda raw: SigningBank().notice(REFERENCE), 403),
        (lambda raw: signing_bank().signed(b"Mt=5700&Mt=1&Ref=AAAAAA-BBBBBB&Erreur=00000"), 403),
        (lambda raw: signing_bank().signed(b"Ref=AAAAAA-BBBBBB&Erreur=00000"), 403),
        (lambda raw: signing_bank().signed(b"Mt=5700&Ref=AAAAAA-BBBBBB&Erreur=00000&X=" + b"x" * 8192), 413),
        (lambda raw: b"", 403),
    ],
)
def test_message_that_is_not_believed_changes_nothing(portal, attempt, spoil, status):
    answer = say(spoil(signing_bank().notice(attempt)))
    assert (answer.status, answer.body) == (status, b"")
    assert (paid_cents(portal), state_of(portal)) == (0, AttemptState.STARTED)


def test_refused_message_leaves_one_log_line_and_reaches_no_store(portal, attempt, caplog):
    raw = altered(signing_bank().notice(attempt))
    with caplog.at_level("INFO", logger="chalicelib"), counted_calls(portal) as calls:
        say(raw, source="198.51.100.7")
    (line,) = [record for record in caplog.records if record.name.startswith("chalicelib")]
    assert (line.msg, line.reason, sum(calls.values())) == ("notice_refused", "not authentic", 0)
    assert (line.digest, line.octets, line.source) == (fingerprint(raw), len(raw), "198.51.100.7")


def test_no_log_holds_the_key_or_a_message_whatever_becomes_of_it(portal, dupont, caplog):
    with caplog.at_level("INFO"):
        form = dict(start(dupont))
        raw = signing_bank().notice(form["PBX_CMD"])
        with failing(portal.clients.dynamodb, {0: "before"}):
            answers = [say(message).status for message in (raw, raw, altered(raw), raw + b"x" * 9000)]
    assert answers == [500, 200, 403, 413]
    logged = caplog.text + " ".join(str(vars(record)) for record in caplog.records if "chalicelib" in record.name)
    assert "notice_not_settled" in logged
    secrets = (portal.bank.merchant.hmac_key, form["PBX_HMAC"], "PBX_", raw.decode(), raw.decode()[-60:])
    assert [secret for secret in secrets if secret in logged] == []


def test_signed_message_that_cannot_be_read_is_kept(portal, attempt):
    assert say(signing_bank().signed(b"Mt=57&Mt=58&Ref=A&Erreur=00000")).status == 403
    (kept,) = kept_on(portal)
    assert (kept.fate, kept.notice) == (NoticeOutcome.UNREADABLE, None)


def test_production_does_not_believe_the_test_platform(portal, attempt, monkeypatch):
    monkeypatch.setitem(vars(portal), "bank", production_bank(portal))
    assert say(signing_bank().notice(attempt)).status == 403
    assert say(signing_bank().notice(attempt, Auto="A1")).status == 200
    assert paid_cents(portal) == 5700


def production_bank(portal):
    return portal.bank.__class__(
        portal.bank.merchant, portal.bank.public_keys, frozenset({"203.0.113.50"}), tests_accepted=False
    )


def test_message_from_elsewhere_is_held_and_told_as_waiting(portal, attempt, monkeypatch, dupont):
    monkeypatch.setitem(vars(portal), "bank", production_bank(portal))
    raw = signing_bank().notice(attempt, Auto="A1")
    assert say(raw, source="198.51.100.7").status == 200
    assert (state_of(portal), paid_cents(portal)) == (AttemptState.NEEDS_REVIEW, 0)
    assert dupont.get(f"/paiements/{attempt}").says("Paiement en cours de vérification")
    assert say(raw).status == 200
    assert (state_of(portal), paid_cents(portal)) == (AttemptState.PAID, 5700)


@pytest.mark.parametrize("lacking", [{"Auto": ""}, {"Trans": ""}, {"Trans": "8E08"}], ids=str)
def test_acceptance_without_its_numbers_is_held_shown_and_settled_by_the_whole_message(
    portal, attempt, monkeypatch, dupont, caplog, lacking
):
    """Signed on the bank's test platform, such a message says nothing that tells it from one of production."""
    monkeypatch.setitem(vars(portal), "bank", production_bank(portal))
    for _ in range(50):
        assert say(signing_bank().notice(attempt, **({"Auto": "A1"} | lacking))).status == 200
    assert (state_of(portal), paid_cents(portal)) == (AttemptState.NEEDS_REVIEW, 0)
    assert [record.alarm for record in caplog.records if record.msg == "payment_alarm"] == ["INCOMPLETE"]
    told = dupont.get(f"/paiements/{attempt}")
    assert told.says("Paiement en cours de vérification")
    assert told.says("Ne payez pas une seconde fois")
    assert not told.says("Recommencer le paiement")
    assert say(signing_bank().notice(attempt, Auto="A1")).status == 200
    assert (state_of(portal), paid_cents(portal)) == (AttemptState.PAID, 5700)
    assert dupont.get(f"/paiements/{attempt}").says("Paiement accepté")


def test_production_must_name_the_banks_addresses():
    with pytest.raises(ValueError, match="PORTAIL_PAYBOX_SOURCES"):
        Settings(stage="prod")
    listed = Settings(stage="prod", paybox_sources="194.2.122.158, 195.25.7.166")
    assert listed.bank_sources == {"194.2.122.158", "195.25.7.166"}


def test_reference_of_nobody_is_kept_and_changes_nothing(portal):
    assert say(signing_bank().notice("ELSEWH-ERE")).status == 200
    (kept,) = kept_on(portal)
    assert kept.fate is NoticeOutcome.UNKNOWN


def test_other_amount_is_an_alarm_told_as_checked_and_answers_200(portal, attempt, caplog, dupont):
    assert say(signing_bank().notice(attempt, cents=5600)).status == 200
    told = dupont.get(f"/paiements/{attempt}")
    assert told.says("Ne payez pas une seconde fois")
    assert not told.says("Recommencer le paiement")
    assert paid_cents(portal) == 0
    assert [record.alarm for record in caplog.records if record.msg == "payment_alarm"] == ["AMOUNT_DIFFERS"]


def test_store_that_fails_answers_500_and_a_copy_of_the_notice_settles(portal, attempt):
    raw = signing_bank().notice(attempt)
    with failing(portal.clients.dynamodb, {0: "before"}):
        assert say(raw).status == 500
    assert paid_cents(portal) == 0
    assert say(raw).status == 200
    assert paid_cents(portal) == 5700


def test_twenty_failures_before_or_after_a_write_settle_exactly_once(portal):
    dice = random.Random(20)  # noqa: S311 - a story, not a secret
    for n in range(20):
        number, reference = f"18{n:04}", f"AAAAAA-{n:06}"
        add_invoices(portal, invoice(number))
        started(portal, reference, number)
        faults = ["before", "after", CONFLICT]
        plan = {dice.randrange(4): dice.choice(faults) for _ in range(2)}
        with failing(portal.clients.dynamodb, plan):
            answers = [say(signing_bank().notice(reference, transaction=str(100 + n))).status for _ in range(4)]
        assert answers[-1] == 200
        assert set(answers) <= {200, 500}
        assert paid_cents(portal, number) == 5700
        assert len(portal.stores.ledger.of(number)) == 1
    portal.tasks.run()
    assert len(mails()) == 20
    receipts = sorted(portal.stores.payments.find(f"AAAAAA-{n:06}").receipt_number for n in range(20))
    assert receipts == list(range(1, 21))


def test_conflicting_transactions_are_tried_again(portal, attempt):
    with failing(portal.clients.dynamodb, {0: CONFLICT, 1: CONFLICT}, {"TransactWriteItems"}) as called:
        assert say(signing_bank().notice(attempt)).status == 200
    assert len(called) == 3
    assert paid_cents(portal) == 5700


def spoilt(dice, raw):
    """A genuine message with some bytes changed, cut, doubled or put in."""
    content = bytearray(raw)
    for _ in range(dice.randrange(1, 6)):
        place = dice.randrange(len(content))
        match dice.randrange(4):
            case 0:
                content[place] = dice.randrange(256)
            case 1:
                del content[place : place + dice.randrange(1, 40)]
            case 2:
                content[place:place] = dice.randbytes(dice.randrange(1, 40))
            case _:
                content[place:place] = b"&" + dice.choice([b"Sign=", b"Mt=1", b"Ref=%FF", b"%", b"="])
        content = content or bytearray(b"&")
    return bytes(content)


def test_fuzzed_messages_are_never_a_500_and_never_money(portal, attempt):
    dice = random.Random(8)  # noqa: S311 - fuzz
    genuine = signing_bank().notice(attempt)
    for _ in range(120):
        raw = spoilt(dice, genuine)
        if raw != genuine:  # an octet may be changed into itself
            assert say(raw).status in (403, 413), raw
    for _ in range(30):
        fields = b"&".join(dice.choice([b"Mt=5700", b"Mt=", b"Ref=A", b"Erreur=0", b"\xff=1", b"Ref"]) for _ in "12345")
        assert say(signing_bank().signed(fields)).status == 403
    assert paid_cents(portal) == 0


@pytest.mark.parametrize("kind", [None, "application/json", "text/plain; */*", "application/x-www-form-urlencoded"])
def test_signature_decides_whatever_the_body_is_called(portal, attempt, kind):
    raw, headers = signing_bank().notice(attempt), {"Content-Type": kind} if kind else {}
    assert send(Call("POST", "/paybox/notification", headers, altered(raw))).status == 403
    assert send(Call("POST", "/paybox/notification", headers, raw)).status == 200
    assert paid_cents(portal) == 5700
