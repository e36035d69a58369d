"""The merchant's Paybox contract: the manual's test account, or that of the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TEST_KEY = "0123456789ABCDEF" * 8


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Identifiers and key of the merchant; the key is in no page and no log."""

    site: str = "1999888"
    rang: str = "32"
    identifiant: str = "107904482"
    hmac_key: str = field(default=TEST_KEY, repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Contract":
        """Returns the contract of the portal's own settings (PORTAIL_PAYBOX_…)."""
        names = ("site", "rang", "identifiant", "hmac_key")
        return cls(**{name: value for name in names if (value := environ.get(f"PORTAIL_PAYBOX_{name.upper()}"))})
