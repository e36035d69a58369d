"""The simulated bank: validates a payment form, applies an outcome, sends the notices (IPN)."""

import threading
from collections.abc import Callable
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.formats import in_paris
from local.paybox import messages
from local.paybox.checks import Fault, faults_of
from local.paybox.contract import Contract
from local.paybox.keys import BankKey
from local.paybox.outcomes import ACCEPTED, REFUSED, Outcome, Step
from local.paybox.payment import Payment, Sending, Try
from local.paybox.posted import parse
from local.paybox.register import Register

Deliver = Callable[[str, bytes], str]
TEST_AUTHORISATION = "XXXXXX"
FIRST_NUMBER = 710_000_001
"""First transaction number."""


class FormRefused(Exception):
    """The form does not open a payment page. `faults`: everything that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = faults


class AlreadyPaid(Exception):
    """The reference was accepted before: the bank does not charge twice for it."""


class Bank:
    """Stores payments in `register`, signs with `key`, sends each notice through `deliver`."""

    def __init__(self, *, contract: Contract, key: BankKey, register: Register, clock: Clock, deliver: Deliver) -> None:
        self.contract = contract
        self.register = register
        self._key = key
        self._clock = clock
        self._deliver = deliver

    def open(self, raw: bytes) -> Payment:
        """Returns the payment that a posted form opens. Raises FormRefused."""
        posted = parse(raw)
        if faults := faults_of(posted, self.contract):
            raise FormRefused(faults)
        payment = Payment(fields=posted.fields, opened_at=self._clock())
        if not self.register.add(payment):
            raise FormRefused(
                [Fault("PBX_CMD", "cette référence a déjà servi\u00a0: il en faut une nouvelle à chaque appel")]
            )
        return payment

    def play(self, reference: str, outcome: Outcome, *, late: timedelta) -> str:
        """Apply an outcome. Returns the signed address that the browser goes back to.

        Notices that are not late have been sent and answered before. Raises AlreadyPaid.
        """
        for step in outcome.steps:
            payment = self._decide(reference, step)
            self._notify(payment, step, late)
        values = payment.variables(payment.tries[-1])
        fields = payment.fields
        return messages.return_address(fields[outcome.returns_to], fields["PBX_RETOUR"], values, self._key.sign)

    def _decide(self, reference: str, step: Step) -> Payment:
        def decided(payment: Payment, made: int) -> Payment:
            if payment.accepted:
                raise AlreadyPaid(reference)
            return payment.model_copy(update={"tries": (*payment.tries, self._try(step.code, made))})

        return self.register.change(reference, decided)

    def _try(self, code: str, made: int) -> Try:
        accepted, answered = code == ACCEPTED, code in {ACCEPTED, REFUSED}
        return Try(
            code=code,
            call=str(FIRST_NUMBER + made) if answered else "",
            transaction=str(FIRST_NUMBER + 100_000_000 + made) if accepted else "",
            authorisation=TEST_AUTHORISATION if accepted else "",
            decided_at=in_paris(self._clock()),
        )

    def _notify(self, payment: Payment, step: Step, late: timedelta) -> None:
        body = messages.notice(payment.fields["PBX_RETOUR"], payment.variables(payment.tries[-1]), self._key.sign)
        for _ in range(step.copies):
            if step.late:
                timer = threading.Timer(late.total_seconds(), self._send, (payment, step.code, body))
                timer.daemon = True
                timer.start()
            else:
                self._send(payment, step.code, body)

    def _send(self, payment: Payment, code: str, body: bytes) -> None:
        answer = self._deliver(payment.fields["PBX_REPONDRE_A"], body)
        print(f"paybox  avis {code} → {answer}", flush=True)
        sending = Sending(code=code, sent_at=self._clock(), answer=answer)
        self.register.change(
            payment.reference, lambda one, _: one.model_copy(update={"sendings": (*one.sendings, sending)})
        )
