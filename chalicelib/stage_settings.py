"""What a stage may choose, made from a mapping (the environment) and from the town's file; read once, then frozen."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chalicelib.domain.invoice import PaymentTerms
from chalicelib.domain.town_settings import Town

PREFIX = "PORTAIL_"
REHEARSAL_STAGES = {"local", "test"}
TOWNS = Path(__file__).parent / "towns"
WHY = {
    "missing": "cette clé manque",
    "extra_forbidden": "cette clé n’existe pas",
    "string_too_short": "ce texte est vide",
    "string_pattern_mismatch": "cette valeur n’a pas la forme attendue",
    "string_type": "un texte est attendu",
    "tuple_type": "une liste de textes est attendue",
    "literal_error": "ce n’est pas une des valeurs attendues",
}
"""What a town's file may get wrong, by pydantic's name for it."""


class TownRefused(ValueError):
    """A town has no file, or its file is wrong: what, key by key, in French for the town's engineer."""


def load_town(name: str) -> Town:
    """Read `towns/<name>.toml`, and `<name>.svg` beside it, the town's logo, when there is one. Raises TownRefused."""
    file, logo = TOWNS / f"{name}.toml", TOWNS / f"{name}.svg"
    drawn = {"logo": logo.read_text("utf-8")} if logo.exists() else {}
    try:
        return Town.model_validate(tomllib.loads(file.read_text("utf-8")) | drawn)
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in TOWNS.glob("*.toml")))
        raise TownRefused(f"La ville « {name} » n’a pas de fichier {file.name} ({known} en ont un).") from None
    except UnicodeDecodeError:
        raise TownRefused(f"{file.name} n’est pas en UTF-8 : enregistrez-le dans ce codage.") from None
    except tomllib.TOMLDecodeError as failure:
        raise TownRefused(f"{file.name} n’est pas du TOML : {failure}.") from failure
    except ValidationError as failure:
        told = "".join(f"\n  {'.'.join(map(str, one['loc']))} : {_why(one)}" for one in failure.errors())
        raise TownRefused(f"{file.name} :{told}") from None


def _why(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return WHY.get(error["type"], f"valeur refusée ({error['msg']})")


class Settings(BaseModel):
    """The stage's settings. Durations are in the unit that their name says; ages are years."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str = "local"
    public_url: str = "http://127.0.0.1:8000"
    town_file: str = "saint-aubin-les-pins"
    prefix: str = ""

    paybox_url: str = "http://127.0.0.1:8002/cgi/FramepagepaiementRWD.cgi"
    paybox_site: str = "1999888"
    paybox_rang: str = "32"
    paybox_identifiant: str = "107904482"
    paybox_public_keys: str = ""
    paybox_sources: str = ""
    paybox_mobile_required: bool = False
    online_payment: bool = True
    online_payment_days_after_due: int = 60

    mail_configuration_set: str = ""
    mail_rate: int = Field(default=14, ge=1, description="mails a second that SES grants")
    kept_on_portal: str = Field(default="zero", pattern=r"^((zero|credit|debit)[, ]*)*$")
    reminder_offsets: str = Field(default="-5 1 10", pattern=r"^([+-]?\d+[, ]*)*$")

    captcha_answer: str = ""
    clock_file: str = ""
    cookie_secure: bool = True

    bcrypt_cost: int = 12
    source_captcha_after: int = 20
    source_pause_after: int = Field(default=300, ge=300)
    session_idle_minutes: int = 30
    session_hours: int = 12
    retention_years: int = 10

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Settings":
        """Keep what starts with PORTAIL_ and is a setting; the empty string is « not set ».

        Raises pydantic.ValidationError when a value is wrong or a rehearsal's setting meets a real stage.
        """
        ours: dict[str, Any] = {
            name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)
        }
        return cls.model_validate({name: value for name, value in ours.items() if name in cls.model_fields and value})

    @model_validator(mode="after")
    def refuse_rehearsal_settings_in_earnest(self) -> "Settings":
        if self.stage not in REHEARSAL_STAGES and (self.captcha_answer or self.clock_file):
            raise ValueError("PORTAIL_CAPTCHA_ANSWER and PORTAIL_CLOCK_FILE are for the stages local and test only")
        if self.stage != "local" and not self.cookie_secure:
            raise ValueError("PORTAIL_COOKIE_SECURE=0 is for the stage local only")
        if self.stage == "prod" and not self.paybox_sources:
            raise ValueError("PORTAIL_PAYBOX_SOURCES must list the bank's addresses in prod")
        return self

    @property
    def resource_prefix(self) -> str:
        """What the names of this stage's tables, buckets and functions begin with."""
        return self.prefix or f"portail-famille-{self.stage}"

    @property
    def bank_sources(self) -> frozenset[str]:
        """The addresses that the bank's notices come from; none: any."""
        return frozenset(self.paybox_sources.replace(",", " ").split())

    @property
    def terms(self) -> PaymentTerms:
        """When an invoice may be paid by card."""
        return PaymentTerms(online=self.online_payment, days_after_due=self.online_payment_days_after_due)

    @property
    def kept(self) -> frozenset[str]:
        """Invoices that go neither by mail nor on paper: « zero », « credit », « debit »."""
        return frozenset(self.kept_on_portal.replace(",", " ").split())

    @property
    def reminders(self) -> tuple[int, ...]:
        """When reminders leave, in days from the due date; « 0 » alone is that day, nothing is never."""
        return tuple(int(word) for word in self.reminder_offsets.replace(",", " ").split())

    def table(self, noun: str) -> str:
        return f"{self.resource_prefix}-{noun}"

    def bucket(self, noun: str) -> str:
        return f"{self.resource_prefix}-{noun}"

    def function(self, name: str) -> str:
        """The deployed name of a Lambda task, as Chalice composes it."""
        return f"portail-famille-{self.stage}-{name}"

    @property
    def base_path(self) -> str:
        """What comes before our paths on the public address: empty, or « /portail »."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and authority of the public address, as a browser's Origin header says them."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins whose forms we accept: ours, and on the desk the same port of `localhost`."""
        if self.stage != "local":
            return (self.origin,)
        return (self.origin, self.origin.replace("//127.0.0.1", "//localhost"))

    def link(self, path: str) -> str:
        """The absolute address of one of our pages, for mails and documents."""
        return self.public_url.rstrip("/") + path


class Secrets(BaseModel):
    """Keys, each with the generations still accepted, the current one first. Never printed, never logged."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    pepper: tuple[bytes, ...] = Field(repr=False, min_length=1)
    csrf: tuple[bytes, ...] = Field(repr=False, min_length=1)
    links: tuple[bytes, ...] = Field(repr=False, min_length=1)
    activation: tuple[bytes, ...] = Field(repr=False, min_length=1)
    counting: tuple[bytes, ...] = Field(repr=False, min_length=1)
    paybox_hmac_key: str = Field(repr=False)
    paybox_public_keys: str = ""

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "Secrets":
        """From parameters as they are kept: hexadecimal generations parted by spaces, and the bank's own forms.

        Raises pydantic.ValidationError (a key is missing, or holds no generation) or ValueError (not hexadecimal).
        """
        banks = {name: text.strip() for name, text in texts.items() if name.startswith("paybox_")}
        ours = {name: texts[name] for name in cls.model_fields if name in texts and name not in banks}
        generations = {name: tuple(map(bytes.fromhex, text.split())) for name, text in ours.items()}
        return cls.model_validate(generations | banks)
