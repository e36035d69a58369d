"""Benchmark of mailing a run: CPU against reportlab, AWS calls, memory, transitions: `python -m bench.mailing [N]`.

AWS is stubbed in memory, so that only our code is timed: PDF, MIME, S3, SES, DynamoDB through boto3. Transitions are
counted on the deployed state machine. The duration of a whole town's month on one machine is `bench.month`.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from math import ceil
from pathlib import Path
from typing import Any

from bench.canned import SECRETS
from bench.measuring import cpu_ms, peak_kib
from bench.memory_cloud import INVOICE, NOW, RUN, MemoryCloud
from bench.pdf import draw_tagged, draw_with_reportlab, set_up_reportlab, words
from chalicelib.mail.messages import invoice_message
from chalicelib.portal import Portal, build
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.close import close_run
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.paper import PART, paper_parts, plan_paper, print_part
from chalicelib.services.mailing.plan import BATCH, BATCHES_PER_CHILD, MANIFESTS, plan_run
from chalicelib.services.mailing.release import release_batch
from chalicelib.stage_settings import Settings
from infrastructure.template import render

SMALL, LARGE, PEER = 1_000, 10_000, 200
MONTH = 4_100
"""Invoices per month of a town of the demo's size."""


def portal_over(clients: MemoryCloud) -> Portal:
    settings = Settings(stage="test", public_url="https://portail.example.org", mail_rate=100_000)
    return build(settings, SECRETS, clients=clients, clock=lambda: NOW)


def mail_all(portal: Portal) -> None:
    """Run the workflow's steps in order, in this process."""
    context = portal.mailing
    plan_run(RUN, context=context)
    batches = [one for item in context.stores.mailing_files.read_json(RUN, s3_names.DELIVER) for one in item["batches"]]
    steps: tuple[Callable[..., Any], ...] = (draw_batch, release_batch, deliver_batch)
    for step in steps:
        for batch in batches:
            step(RUN, batch, context=context)
    plan_paper(RUN, context=context)
    for part in paper_parts(RUN, context=context):
        print_part(RUN, part, context=context)
    if close_run(RUN, round_=1, context=context) is None:
        raise RuntimeError("the run did not close")


def measure(count: int) -> dict[str, float]:
    """Mail one run. Returns CPU (ms per invoice), peak memory (KiB), AWS calls per invoice.

    Raises RuntimeError unless each invoice was mailed, and the report was mailed to the office.
    """
    with tempfile.TemporaryDirectory() as folder:
        clients = MemoryCloud(count, Path(folder))
        portal = portal_over(clients)
        spent = cpu_ms(lambda: mail_all(portal))
    if clients.calls["sesv2.SendEmail"] != count + 1:
        raise RuntimeError(f"{count} invoices, and these calls: {clients.calls}")
    return {"cpu": spent / count, "peak": peak_kib(), "calls": clients.calls.total() / count}


def transitions(count: int) -> float:
    """Returns Step Functions' transitions per invoice for a run of `count`, when every task succeeds at once."""
    definition = render(stage="prod")["Resources"]["MailingMachine"]["Properties"]["DefinitionString"]
    machine = json.loads(definition)
    parts = ceil(count / PART)
    return count_transitions(machine, {"batches": ceil(count / BATCH), "kind": "run", "paper.parts": parts}) / count


def count_transitions(machine: dict[str, Any], inputs: dict[str, Any]) -> int:
    """Returns the transitions of one execution: its start, each state entered, and those of its child executions."""
    name, count = machine["StartAt"], 1
    while name:
        state = machine["States"][name]
        count += 1
        if state["Type"] == "Map":
            count += child_executions(state, inputs) * count_transitions(state["ItemProcessor"], inputs)
        name = next_state(state, inputs) if state["Type"] == "Choice" else state.get("Next")
    return count


def child_executions(state: dict[str, Any], inputs: dict[str, Any]) -> int:
    manifest = MANIFESTS[state["ItemReader"]["Parameters"]["Key.$"].removeprefix("$.")]
    if manifest == s3_names.PRINT:
        return int(inputs["paper.parts"])
    return ceil(int(inputs["batches"]) / BATCHES_PER_CHILD[manifest])


def next_state(state: dict[str, Any], inputs: dict[str, Any]) -> str:
    """Returns the next state of a Choice: of the first rule that holds, else the default."""
    for rule in state["Choices"]:
        wanted = rule.get("NumericEquals", rule.get("StringEquals"))
        if inputs[rule["Variable"].removeprefix("$.")] == wanted:
            return str(rule["Next"])
    return str(state["Default"])


def measure_in_subprocess(count: int) -> dict[str, float]:
    """Measure in a subprocess, for its own peak memory."""
    command = [sys.executable, "-m", "bench.mailing", "one", str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def measure_reportlab(count: int) -> float:
    """Returns CPU (ms per invoice) of reportlab and EmailMessage, over the same S3, SES and DynamoDB."""
    pages = words(draw_tagged(INVOICE))
    with tempfile.TemporaryDirectory() as folder:
        clients = MemoryCloud(count, Path(folder))
        portal = portal_over(clients)
        draw_with_reportlab(pages)
        started = time.process_time()
        for rank in range(count):
            send_with_reportlab_pdf(f"{rank:06d}", draw_with_reportlab(pages), clients, portal)
        return (time.process_time() - started) * 1000 / count


def send_with_reportlab_pdf(number: str, document: bytes, clients: MemoryCloud, portal: Portal) -> None:
    key = {"run": {"S": RUN}, "number": {"S": number}}
    mail = invoice_message(
        [INVOICE],
        "famille@example.org",
        town=portal.town,
        link=portal.settings.link,
        documents=[document],
        paper_link="/retour-papier",
        payment_link="/payer/169165.AAAAAAAAAAAAAAAAAAAAAA",
    )
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = portal.town.mail_from, mail.to, mail.subject
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    message.add_attachment(document, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    clients.s3.put_object(Bucket="documents", Key=f"factures/{number}.pdf", Body=document)
    clients.dynamodb.put_item(TableName="t-deliveries", Item=key)
    raw = {"Raw": {"Data": message.as_bytes()}}
    clients.ses.send_email(Destination={"ToAddresses": [mail.to]}, Content=raw)
    clients.dynamodb.update_item(TableName="t-deliveries", Key=key, UpdateExpression="SET outcome = sent")


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
        return
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    set_up_reportlab()
    few, many = measure_in_subprocess(SMALL), measure_in_subprocess(large)
    reportlab = measure_reportlab(PEER)
    print(f"7  CPU per invoice mailed: {many['cpu']:.2f} ms, reportlab's way {reportlab:.2f} ms (≤ it)")
    print(f"8  AWS calls per invoice mailed: {many['calls']:.3f} (≤ 4.2), the run's own included")
    print(f"9  peak memory, {large} over {SMALL} invoices: {many['peak'] / few['peak']:.3f} (≤ 1.03)")
    print(f"10 state transitions per invoice, {MONTH} of them: {transitions(MONTH):.4f} (≤ 0.02)")


if __name__ == "__main__":
    main()
