"""The merchant's contract as the simulator knows it: the manual's test account, or the environment's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TEST_KEY = "0123456789ABCDEF" * 8


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What the bank gave to the merchant; the key stays out of every page and log."""

    site: str = "1999888"
    rang: str = "32"
    identifiant: str = "107904482"
    hmac_key: str = field(default=TEST_KEY, repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Contract":
        """The contract that the portal beside us uses (PORTAIL_PAYBOX_…), so that both speak of the same one."""
        names = ("site", "rang", "identifiant", "hmac_key")
        return cls(**{name: value for name in names if (value := environ.get(f"PORTAIL_PAYBOX_{name.upper()}"))})
