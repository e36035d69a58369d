"""Environment variables of the local stack's programs; variables that are already set are kept."""

from collections.abc import Mapping

from guichet.environment import LOCAL_AWS
from local.ports import HOST, LocalStackError, Ports

PAYBOX_PATH = "/cgi/FramepagepaiementRWD.cgi"
CLOCK_NAMES = ("PORTAIL_CLOCK_EVERY", "PORTAIL_DESK_TICK_SECONDS")
"""The setting, and its name in earlier versions."""

PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def local_environment(environ: Mapping[str, str], ports: Ports) -> dict[str, str]:
    """Returns the environment with the local stack's defaults; an empty variable counts as not set."""
    defaults = {
        "PORTAIL_STAGE": "local",
        "PORTAIL_PUBLIC_URL": f"http://{HOST}:{ports.portal}",
        "PORTAIL_PAYBOX_URL": f"http://{HOST}:{ports.paybox}{PAYBOX_PATH}",
        "PORTAIL_MAIL_RATE": "50",  # the emulated SES has no rate limit: a month of mails takes a minute
        "AWS_ENDPOINT_URL": f"http://{HOST}:{ports.aws}",
        **LOCAL_AWS,
    }
    explicit = {name: value for name, value in environ.items() if value or name not in defaults}
    return {**defaults, **explicit, **no_proxy_variables(environ)}


def clock_seconds(environ: Mapping[str, str]) -> float:
    """Returns how often the scheduled tasks run, in seconds; 0 is never.

    Raises LocalStackError when PORTAIL_CLOCK_EVERY, or the name that it replaces, is no number of seconds.
    """
    typed = next((value for name in CLOCK_NAMES if (value := environ.get(name, "").strip())), "60")
    try:
        seconds = float(typed)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 86_400:
        raise LocalStackError(
            f"PORTAIL_CLOCK_EVERY : un nombre de secondes est attendu, 0 pour aucune, pas « {typed} »."
        )
    return seconds


def no_proxy_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """Returns NO_PROXY variables that exclude loopback, where a proxy (a town hall's) is set; else nothing."""
    if not any(environ.get(name) for name in PROXIES):
        return {}
    usual = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    direct = ",".join(part for part in (usual, HOST, "localhost") if part)
    return {"no_proxy": direct, "NO_PROXY": direct}


def uses_own_aws(environ: Mapping[str, str]) -> bool:
    """Returns whether the local stack must start its own AWS: no endpoint is set."""
    return not environ.get("AWS_ENDPOINT_URL")
