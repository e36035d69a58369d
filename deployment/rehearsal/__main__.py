"""`python -m deployment.rehearsal`, what `make rehearse` types: build, deploy, visit, and say what was seen."""

import argparse
import functools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris, short_day
from chalicelib.stage_settings import load_town
from deployment.bundle import ROOT, ChaliceRefused, Order, Package, build
from deployment.rehearsal import bundle_checks, cloud_checks, office_checks, parent_checks
from deployment.rehearsal.emulator import Emulator, NotStarted, emulated_aws
from deployment.rehearsal.front import public_address
from deployment.rehearsal.report import Report
from deployment.rehearsal.scene import Scene, walker_of
from deployment.rehearsal.stack import UNNAMED, Stack, StackRefused, deploy, give_what_is_not_in_the_template
from deployment.rehearsal.visitor import Visitor
from deployment.wheels import WheelsRefused
from infrastructure.template import TOWN
from local.environment import PAYBOX_PATH
from local.paybox import public_key_pem
from local.ports import HOST, DeskRefused, Ports, require_free
from local.processes import Processes

FOLDER = ROOT / "build" / "rehearsal"
FIRST_PORT = "8040"
"""Not the desk's: a rehearsal may run beside it."""

BANK = "Paybox simulé"

WALK: tuple[Callable[[Scene], str], ...] = (
    cloud_checks.functions_have_their_own_roles,
    cloud_checks.rights_are_enforced,
    cloud_checks.plain_http_is_refused,
    cloud_checks.unknown_address,
    cloud_checks.notice_without_accept,
    office_checks.import_families,
    office_checks.import_invoices,
    office_checks.file_in_the_inbox,
    office_checks.publish,
    office_checks.everyone_got_it,
    office_checks.the_clock_again,
    parent_checks.sign_in_page,
    parent_checks.captcha_picture,
    parent_checks.link_by_mail,
    parent_checks.first_sign_in,
    parent_checks.invoice_pdf,
    parent_checks.proof_of_address,
    parent_checks.payment,
    parent_checks.sign_out,
    cloud_checks.a_bounce_comes_back,
    cloud_checks.no_dead_letters,
    cloud_checks.logs_hold_no_failure,
)


def main() -> int:
    """Answers 0 when every check passed, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m deployment.rehearsal", description=__doc__)
    parser.add_argument("--package", type=Path, help="a package of the stage test, rather than two new ones")
    given = parser.parse_args().package
    shutil.rmtree(FOLDER, ignore_errors=True)
    report, ports = Report(), Ports.from_mapping({"PORT": os.environ.get("PORT") or FIRST_PORT})
    require_free({"portail": ports.portal, "AWS simulé": ports.aws, BANK: ports.paybox})
    package = Package.at(given) if given else built("one")
    if not given:
        report.check("Two builds, one bundle", lambda: bundle_checks.two_builds(package, built("two")))
    look_at(report, package)
    town = small_town()
    with emulated_aws(ports.aws, FOLDER) as emulator, Processes() as programs:
        stack = deploy(package, emulator, parameters(ports))
        bank_key = public_key_pem(FOLDER / "paybox")
        sender = load_town(TOWN).mail_from
        give_what_is_not_in_the_template(emulator, sender=sender, bank_key=bank_key, folder=FOLDER)
        programs.start(BANK, "local.paybox", "--port", str(ports.paybox), "--state", str(FOLDER / "paybox"))
        programs.wait_until_listening(BANK, ports.paybox)
        with public_address(ports.portal, gateway=ports.aws, api=stack.outputs["RestAPIId"]):
            walk(report, scene(emulator, stack, ports, town))
    report.show()
    return 0 if report.passed else 1


def built(name: str) -> Package:
    print(f"Building the bundle ({name})", flush=True)
    return build(Order("test", FOLDER / name), say=lambda step: print(f"· {step}", flush=True))


def small_town() -> Path:
    """The files of a town of a dozen families, and two billed months, the last one not due yet."""
    out, today = FOLDER / "town", day_in_paris(system_clock())
    size = ("--families", "12", "--months", "2", "--seed", "7", "--today", str(min(today, today.replace(day=10))))
    command = [sys.executable, "-m", "local.town", *size, "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


def parameters(ports: Ports) -> dict[str, str]:
    """What an engineer would type: the public address, and the manual's test contract with the bank."""
    return {
        "PublicUrl": public_url(ports),
        "PayboxUrl": f"http://{HOST}:{ports.paybox}{PAYBOX_PATH}",
        "PayboxSite": "1999888",
        "PayboxRang": "32",
        "PayboxIdentifiant": "107904482",
    }


def public_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.portal}/api"


def scene(emulator: Emulator, stack: Stack, ports: Ports, town: Path) -> Scene:
    first, second = sorted(town.glob("factures-*.csv"))
    today = day_in_paris(system_clock())
    walker = walker_of(town, second)
    told = Scene(
        emulator=emulator,
        stack=stack,
        public=public_url(ports),
        town=town,
        environ=emulator.environ
        | agent(emulator, stack)
        | {"PORTAIL_STAGE": "test", "PORTAIL_PUBLIC_URL": public_url(ports)},
        visitor=Visitor(public_url(ports)),
        walker=walker,
    )
    told.notes |= {"first_month": first, "second_month": second, "canaries": []}
    told.notes |= {"today": short_day(today), "tomorrow": short_day(today + timedelta(days=1))}
    return told


def agent(emulator: Emulator, stack: Stack) -> dict[str, str]:
    """The keys of somebody of the office, who may do what the stack's policies for `guichet` allow."""
    policies = [stack.outputs["GuichetTablesArn"], stack.outputs["GuichetFilesArn"]]
    return emulator.user("agent", actions=UNNAMED, policies=policies)


def walk(report: Report, told: Scene) -> None:
    start = time.monotonic()
    for check in WALK:
        report.check(title_of(check), functools.partial(check, told))
    print(f"The walk took {time.monotonic() - start:.0f} s", flush=True)


def look_at(report: Report, package: Package) -> None:
    """Check the bundle as a Lambda finds it, unpacked."""
    code = FOLDER / "code"
    shutil.unpack_archive(package.bundle, code)
    for check in bundle_checks.CHECKS:
        report.check(title_of(check), functools.partial(check, code))


def title_of(check: Callable[..., str]) -> str:
    return (check.__doc__ or check.__name__).partition("\n")[0].rstrip(".")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (DeskRefused, NotStarted, StackRefused, WheelsRefused, ChaliceRefused) as refusal:
        sys.exit(str(refusal))
