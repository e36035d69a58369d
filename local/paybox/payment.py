"""Payment records of the simulator: the form that opened it, the payer's tries, the notices sent."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from local.paybox.outcomes import ACCEPTED

CARD_ENDING = "44"


class Record(BaseModel):
    """Base of records stored as JSON in the state folder."""

    model_config = ConfigDict(frozen=True)


class Try(Record):
    """One decision of the bank. A refusal has neither transaction nor authorisation."""

    code: str
    call: str
    transaction: str = ""
    authorisation: str = ""
    decided_at: datetime

    @property
    def accepted(self) -> bool:
        return self.code == ACCEPTED


class Sending(Record):
    """One notice sent: its code, when, and the portal's response (an HTTP status, or why there was none)."""

    code: str
    sent_at: datetime
    answer: str


class Payment(Record):
    """A payment by its reference (PBX_CMD). Amount in cents. `rank` orders payments even if the clock is moved."""

    rank: int = 0
    fields: dict[str, str]
    opened_at: datetime
    tries: tuple[Try, ...] = ()
    sendings: tuple[Sending, ...] = ()

    @property
    def reference(self) -> str:
        return self.fields["PBX_CMD"]

    @property
    def amount_cents(self) -> int:
        return int(self.fields["PBX_TOTAL"])

    @property
    def accepted(self) -> Try | None:
        return next((one for one in self.tries if one.accepted), None)

    def variables(self, one: Try) -> dict[str, str]:
        """Returns the values of PBX_RETOUR's letters for a try; letters without a value are left out."""
        values = {
            "M": self.fields["PBX_TOTAL"],
            "R": self.reference,
            "T": one.call,
            "S": one.transaction,
            "A": one.authorisation,
            "E": one.code,
            "P": "CARTE",
            "C": "CB",
        }
        if one.accepted:
            values |= {"W": f"{one.decided_at:%d%m%Y}", "Q": f"{one.decided_at:%H:%M:%S}", "Y": "FRA"}
            values |= {"J": CARD_ENDING, "N": "111122"}
        return {letter: value for letter, value in values.items() if value}
