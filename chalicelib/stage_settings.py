"""Settings and secrets of a stage, from environment variables (PORTAIL_…) and SSM; the town's file."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chalicelib.domain.invoice import PaymentTerms
from chalicelib.domain.session import IDLE_MINUTES
from chalicelib.domain.town_settings import Town

PREFIX = "PORTAIL_"
REHEARSAL_STAGES = {"local", "test"}
TOWNS = Path(__file__).parent / "towns"
VALIDATION_MESSAGES = {
    "missing": "cette clé manque",
    "extra_forbidden": "cette clé n’existe pas",
    "string_too_short": "ce texte est vide",
    "string_pattern_mismatch": "cette valeur n’a pas la forme attendue",
    "string_type": "un texte est attendu",
    "tuple_type": "une liste de textes est attendue",
    "model_type": "une section est attendue, [entre crochets], avec ses clés dessous",
    "literal_error": "ce n’est pas une des valeurs attendues",
}
"""French messages about a town's file, by pydantic's error type."""


class InvalidTownFile(ValueError):
    """A town has no file, or its file is invalid: the errors, key by key, in French for the town's engineer."""


def load_town(name: str) -> Town:
    """Returns the town of `towns/<name>.toml`, with the logo `<name>.svg` when there is one. Raises InvalidTownFile."""
    file, logo = TOWNS / f"{name}.toml", TOWNS / f"{name}.svg"
    extra = {"logo": logo.read_text("utf-8")} if logo.exists() else {}
    try:
        return Town.model_validate(tomllib.loads(file.read_text("utf-8")) | extra)
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in TOWNS.glob("*.toml")))
        raise InvalidTownFile(f"La ville « {name} » n’a pas de fichier {file.name} ({known} en ont un).") from None
    except UnicodeDecodeError:
        raise InvalidTownFile(f"{file.name} n’est pas en UTF-8 : enregistrez-le dans ce codage.") from None
    except tomllib.TOMLDecodeError as failure:
        raise InvalidTownFile(f"{file.name} n’est pas du TOML : {failure}.") from failure
    except ValidationError as failure:
        errors = "".join(f"\n  {'.'.join(map(str, one['loc']))} : {_message(one)}" for one in failure.errors())
        raise InvalidTownFile(f"{file.name} :{errors}") from None


def _message(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    return VALIDATION_MESSAGES.get(error["type"], f"valeur refusée ({error['msg']})")


class Settings(BaseModel):
    """The stage's settings. Durations are in the unit of their name."""

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
    mail_rate: int = Field(default=14, ge=1, description="mails per second that SES grants")
    kept_on_portal: str = Field(default="zero", pattern=r"^((zero|credit|debit)[, ]*)*$")
    reminder_offsets: str = Field(default="-5 1 10", pattern=r"^([+-]?\d+[, ]*)*$")

    captcha_answer: str = ""
    clock_file: str = ""
    cookie_secure: bool = True

    bcrypt_cost: int = 12
    source_captcha: int = Field(default=20, ge=0, description="failures of an address in 5 minutes before the captcha")
    source_pause: int = Field(default=60, ge=0, description="failures of an address in 5 minutes before a pause")
    town_failures: int = Field(default=200, ge=0, description="failures of all in 5 minutes before the captcha for all")
    session_idle_minutes: int = IDLE_MINUTES
    session_hours: int = 12
    retention_years: int = 10

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> "Settings":
        """Returns the settings of the variables PORTAIL_…; others are ignored, the empty string is « not set ».

        Raises pydantic.ValidationError when a value is wrong or a rehearsal's setting is used in a real stage.
        """
        variables: dict[str, Any] = {
            name.removeprefix(PREFIX).lower(): value for name, value in environ.items() if name.startswith(PREFIX)
        }
        known = {name: value for name, value in variables.items() if name in cls.model_fields and value}
        return cls.model_validate(known)

    @model_validator(mode="after")
    def refuse_rehearsal_settings_in_real_stages(self) -> "Settings":
        if self.stage not in REHEARSAL_STAGES and (self.captcha_answer or self.clock_file):
            raise ValueError("PORTAIL_CAPTCHA_ANSWER and PORTAIL_CLOCK_FILE are for the stages local and test only")
        if self.stage != "local" and not self.cookie_secure:
            raise ValueError("PORTAIL_COOKIE_SECURE=0 is for the stage local only")
        if self.stage == "prod" and not self.paybox_sources:
            raise ValueError("PORTAIL_PAYBOX_SOURCES must list the bank's addresses in prod")
        if self.stage == "prod" and 0 in (self.source_captcha, self.source_pause, self.town_failures):
            raise ValueError("PORTAIL_SOURCE_CAPTCHA, _SOURCE_PAUSE and PORTAIL_TOWN_FAILURES must not be 0 in prod")
        return self

    @property
    def resource_prefix(self) -> str:
        """The prefix of the names of this stage's tables and buckets."""
        return self.prefix or f"portail-famille-{self.stage}"

    @property
    def bank_sources(self) -> frozenset[str]:
        """The IP addresses that the bank's notices come from; none: any."""
        return frozenset(self.paybox_sources.replace(",", " ").split())

    @property
    def payment_terms(self) -> PaymentTerms:
        """When an invoice may be paid by card."""
        return PaymentTerms(online=self.online_payment, days_after_due=self.online_payment_days_after_due)

    @property
    def portal_only(self) -> frozenset[str]:
        """Kinds of invoices sent neither by mail nor on paper: « zero », « credit », « debit »."""
        return frozenset(self.kept_on_portal.replace(",", " ").split())

    @property
    def reminders(self) -> tuple[int, ...]:
        """When reminders are sent, in days from the due date (0: that day); empty: never."""
        return tuple(int(word) for word in self.reminder_offsets.replace(",", " ").split())

    def table(self, noun: str) -> str:
        return f"{self.resource_prefix}-{noun}"

    def bucket(self, noun: str) -> str:
        return f"{self.resource_prefix}-{noun}"

    def function(self, name: str) -> str:
        """Returns the deployed name of a Lambda task, as Chalice composes it."""
        return f"portail-famille-{self.stage}-{name}"

    @property
    def base_path(self) -> str:
        """The path prefix of the public address: empty, or « /portail »."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def origin(self) -> str:
        """Scheme and authority of the public address, as in a browser's Origin header."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins whose forms are accepted: the portal's, and in the stage local the same port of `localhost`."""
        if self.stage != "local":
            return (self.origin,)
        return (self.origin, self.origin.replace("//127.0.0.1", "//localhost"))

    def link(self, path: str) -> str:
        """Returns the absolute URL of a path of the portal, for mails and documents."""
        return self.public_url.rstrip("/") + path


class Secrets(BaseModel):
    """Secret keys, each with the generations still accepted, the current one first. Never printed, never logged."""

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
        """Returns the secrets of parameter texts: hexadecimal generations separated by spaces, the bank's as they are.

        Raises pydantic.ValidationError (a key is missing, or holds no generation) or ValueError (not hexadecimal).
        """
        banks = {name: text.strip() for name, text in texts.items() if name.startswith("paybox_")}
        keys = {name: texts[name] for name in cls.model_fields if name in texts and name not in banks}
        generations = {name: tuple(map(bytes.fromhex, text.split())) for name, text in keys.items()}
        return cls.model_validate(generations | banks)
