"""What the desk's programs find in their environment; a variable that is already set is kept."""

from collections.abc import Mapping

from local.ports import HOST, Ports

REGION = "eu-west-3"
PAYBOX_PATH = "/cgi/FramepagepaiementRWD.cgi"
PROXIES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


def desk_environment(environ: Mapping[str, str], ports: Ports) -> dict[str, str]:
    """The environment with the desk's defaults; an empty variable counts as not set."""
    defaults = {
        "PORTAIL_STAGE": "local",
        "PORTAIL_PUBLIC_URL": f"http://{HOST}:{ports.portal}",
        "PORTAIL_PAYBOX_URL": f"http://{HOST}:{ports.paybox}{PAYBOX_PATH}",
        "PORTAIL_MAIL_RATE": "50",  # the emulated SES has no rate of its own: a month leaves in a minute
        "AWS_ENDPOINT_URL": f"http://{HOST}:{ports.aws}",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "desk",
        "AWS_SECRET_ACCESS_KEY": "desk",
    }
    kept = {name: value for name, value in environ.items() if value or name not in defaults}
    return {**defaults, **kept, **past_proxies(environ)}


def past_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """Behind a town hall's proxy, the desk still talks to itself directly."""
    if not any(environ.get(name) for name in PROXIES):
        return {}
    usual = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    direct = ",".join(part for part in (usual, HOST, "localhost") if part)
    return {"no_proxy": direct, "NO_PROXY": direct}


def uses_own_aws(environ: Mapping[str, str]) -> bool:
    """Whether the desk must start an AWS: none was named."""
    return not environ.get("AWS_ENDPOINT_URL")
