"""`python -m deployment.rehearsal` (`make rehearse`): build, deploy, run every check, and print the report."""

import argparse
import functools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from chalicelib.clock import system_clock
from chalicelib.formats import day_in_paris, short_day
from chalicelib.stage_settings import load_town
from deployment.bundle import ROOT, BuildRequest, ChaliceRefused, Package, build
from deployment.rehearsal import bundle_checks, cloud_checks, office_checks, parent_checks
from deployment.rehearsal.emulator import Emulator, NotStarted, emulated_aws
from deployment.rehearsal.front import public_address
from deployment.rehearsal.report import Report
from deployment.rehearsal.scene import RehearsalContext, choose_family
from deployment.rehearsal.stack import UNSCOPED_ACTIONS, Stack, StackRefused, deploy, put_secrets_and_sender
from deployment.rehearsal.visitor import Visitor
from deployment.wheels import WheelsRefused
from infrastructure.template import TOWN
from local.environment import PAYBOX_PATH
from local.paybox import public_key_pem
from local.ports import HOST, LocalStackError, Ports, require_free
from local.processes import Processes
from local.town.billing import ISSUE_DAY

FOLDER = ROOT / "build" / "rehearsal"
FIRST_PORT = "8040"
"""Not those of the local stack: both may run at once."""

BANK = "Paybox simulé"

CHECKS: tuple[Callable[[RehearsalContext], str], ...] = (
    cloud_checks.functions_have_their_own_roles,
    cloud_checks.rights_are_enforced,
    cloud_checks.plain_http_is_refused,
    cloud_checks.unknown_address,
    cloud_checks.notice_without_accept,
    office_checks.import_families,
    office_checks.search_for_a_family,
    office_checks.import_invoices,
    office_checks.file_in_the_inbox,
    office_checks.publish,
    office_checks.every_invoice_delivered,
    office_checks.second_tick_sends_nothing,
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
    """Returns 0 when every check passed, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m deployment.rehearsal", description=__doc__)
    parser.add_argument("--package", type=Path, help="a package of the stage test, rather than two new ones")
    given_package = parser.parse_args().package
    shutil.rmtree(FOLDER, ignore_errors=True)
    report, ports = Report(), Ports.from_mapping({"PORT": os.environ.get("PORT") or FIRST_PORT})
    require_free({"portail": ports.portal, "AWS simulé": ports.aws, BANK: ports.paybox})
    package = Package.at(given_package) if given_package else build_package("one")
    if not given_package:
        report.check("Two builds, one bundle", lambda: bundle_checks.two_builds(package, build_package("two")))
    check_bundle(report, package)
    town = make_town_files()
    with emulated_aws(ports.aws, FOLDER) as emulator, Processes() as programs:
        stack = deploy(package, emulator, parameters(ports))
        bank_key = public_key_pem(FOLDER / "paybox")
        sender = load_town(TOWN).mail_from
        put_secrets_and_sender(emulator, sender=sender, bank_key=bank_key, folder=FOLDER)
        programs.start(BANK, "local.paybox", "--port", str(ports.paybox), "--state", str(FOLDER / "paybox"))
        programs.wait_until_listening(BANK, ports.paybox)
        with public_address(ports.portal, gateway=ports.aws, api=stack.outputs["RestAPIId"]):
            run_checks(report, rehearsal_context(emulator, stack, ports, town))
    report.show()
    return 0 if report.passed else 1


def build_package(name: str) -> Package:
    print(f"Building the bundle ({name})", flush=True)
    return build(BuildRequest("test", FOLDER / name), progress=lambda step: print(f"· {step}", flush=True))


def make_town_files() -> Path:
    """Returns the folder of a generated town: a dozen families, two billed months, the last one not due yet."""
    out, day = FOLDER / "town", town_day(day_in_paris(system_clock()))
    size = ("--families", "12", "--months", "2", "--seed", "7", "--today", str(day))
    command = [sys.executable, "-m", "local.town", *size, "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


def town_day(today: date) -> date:
    """Returns a day on which the town's last invoices are issued and not due: they come on the 2nd, for the 24th."""
    issued_in = today if today.day >= ISSUE_DAY else today - timedelta(days=ISSUE_DAY)
    return min(today, issued_in.replace(day=10))


def parameters(ports: Ports) -> dict[str, str]:
    """Returns the stack's parameters: the public address, and the test contract of the bank's manual."""
    return {
        "PublicUrl": public_url(ports),
        "PayboxUrl": f"http://{HOST}:{ports.paybox}{PAYBOX_PATH}",
        "PayboxSite": "1999888",
        "PayboxRang": "32",
        "PayboxIdentifiant": "107904482",
    }


def public_url(ports: Ports) -> str:
    return f"http://{HOST}:{ports.portal}/api"


def rehearsal_context(emulator: Emulator, stack: Stack, ports: Ports, town: Path) -> RehearsalContext:
    """Returns the context, with the AWS keys of an office user who has the stack's policies for `guichet`."""
    first, second = sorted(town.glob("factures-*.csv"))
    today = day_in_paris(system_clock())
    policies = [stack.outputs["GuichetTablesArn"], stack.outputs["GuichetFilesArn"]]
    agent = emulator.user("agent", actions=UNSCOPED_ACTIONS, policies=policies)
    context = RehearsalContext(
        emulator=emulator,
        stack=stack,
        public=public_url(ports),
        town=town,
        environ=emulator.environ | agent | {"PORTAIL_STAGE": "test", "PORTAIL_PUBLIC_URL": public_url(ports)},
        visitor=Visitor(public_url(ports)),
        family=choose_family(town, second),
    )
    context.notes |= {"first_month": first, "second_month": second, "secrets": []}
    context.notes |= {"today": short_day(today), "tomorrow": short_day(today + timedelta(days=1))}
    return context


def run_checks(report: Report, context: RehearsalContext) -> None:
    start = time.monotonic()
    for check in CHECKS:
        report.check(title_of(check), functools.partial(check, context))
    print(f"The checks took {time.monotonic() - start:.0f} s", flush=True)


def check_bundle(report: Report, package: Package) -> None:
    """Run the checks of the unpacked bundle, as Lambda unpacks it."""
    code = FOLDER / "code"
    shutil.unpack_archive(package.bundle, code)
    for check in bundle_checks.CHECKS:
        report.check(title_of(check), functools.partial(check, code))


def title_of(check: Callable[..., str]) -> str:
    return (check.__doc__ or check.__name__).partition("\n")[0].rstrip(".")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (LocalStackError, NotStarted, StackRefused, WheelsRefused, ChaliceRefused) as refusal:
        sys.exit(str(refusal))
