"""What mailing a run costs: CPU beside reportlab's way, AWS calls, memory, transitions: `python -m bench.mailing [N]`.

AWS is answered from memory, so what is timed is ours: PDF, MIME, S3, SES, DynamoDB through boto3. Transitions are
counted on the shape of the machine that is deployed. How long a whole town's month takes on one desk is `bench.month`.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from math import ceil
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from bench.memory_cloud import INVOICE, NOW, RUN, MemoryCloud
from bench.pdf import ours, theirs, words
from chalicelib.mail.messages import invoice_message
from chalicelib.pdf.format.typeface import FONTS
from chalicelib.portal import Portal, build
from chalicelib.services.mailing import s3_names
from chalicelib.services.mailing.close import close_run
from chalicelib.services.mailing.deliver import deliver_batch
from chalicelib.services.mailing.draw import draw_batch
from chalicelib.services.mailing.paper import PART, paper_parts, plan_paper, print_part
from chalicelib.services.mailing.plan import BATCH, MANIFESTS, TOGETHER, plan_run
from chalicelib.services.mailing.release import release_batch
from chalicelib.stage_settings import Secrets, Settings
from infrastructure.template import render

KEYS = ("pepper", "csrf", "links", "activation", "counting")
SMALL, LARGE, PEER = 1_000, 10_000, 200
MONTH = 4_100
"""Invoices that a town of the demo's size sends a month."""


def portal_of(clients: MemoryCloud) -> Portal:
    texts = dict.fromkeys(KEYS, "11" * 32) | {"paybox_hmac_key": "0123456789ABCDEF" * 8}
    settings = Settings(stage="test", public_url="https://portail.example.org", mail_rate=100_000)
    return build(settings, Secrets.from_texts(texts), clients=clients, clock=lambda: NOW)


def mail_all(portal: Portal) -> None:
    """The workflow's steps in their order, in this process."""
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
    if close_run(RUN, round_=1, context=context, stores=portal.stores, clock=portal.clock) is None:
        raise RuntimeError("the run did not close")


def measured(count: int) -> dict[str, float]:
    """One run of that many invoices: CPU (ms an invoice), peak memory (KiB), AWS calls an invoice.

    Raises RuntimeError unless each of them was mailed, and the office was told of the end.
    """
    with tempfile.TemporaryDirectory() as folder:
        clients = MemoryCloud(count, Path(folder))
        portal = portal_of(clients)
        started = time.process_time()
        mail_all(portal)
        spent = (time.process_time() - started) * 1000
    if clients.calls["sesv2.SendEmail"] != count + 1:
        raise RuntimeError(f"{count} invoices, and this was asked: {clients.calls}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"cpu": spent / count, "peak": peak, "calls": clients.calls.total() / count}


def transitions(count: int) -> float:
    """Step Functions' transitions an invoice: a run of that many, every task succeeding the first time."""
    definition = render(stage="prod")["Resources"]["MailingMachine"]["Properties"]["DefinitionString"]
    machine = json.loads(definition)
    parts = ceil(count / PART)
    return walked(machine, {"batches": ceil(count / BATCH), "kind": "run", "paper.parts": parts}) / count


def walked(machine: dict[str, Any], given: dict[str, Any]) -> int:
    """The transitions of one execution: its beginning, each state that it enters, and those of its children."""
    name, count = machine["StartAt"], 1
    while name:
        state = machine["States"][name]
        count += 1
        if state["Type"] == "Map":
            count += children(state, given) * walked(state["ItemProcessor"], given)
        name = chosen(state, given) if state["Type"] == "Choice" else state.get("Next")
    return count


def children(state: dict[str, Any], given: dict[str, Any]) -> int:
    manifest = MANIFESTS[state["ItemReader"]["Parameters"]["Key.$"].removeprefix("$.")]
    return given["paper.parts"] if manifest == s3_names.PRINT else ceil(given["batches"] / TOGETHER[manifest])


def chosen(state: dict[str, Any], given: dict[str, Any]) -> str:
    """Where a choice leads: the first rule that holds, else its default."""
    for rule in state["Choices"]:
        wanted = rule.get("NumericEquals", rule.get("StringEquals"))
        if given[rule["Variable"].removeprefix("$.")] == wanted:
            return str(rule["Next"])
    return str(state["Default"])


def apart(count: int) -> dict[str, float]:
    """The same in a process of its own, whose memory is its own."""
    command = [sys.executable, "-m", "bench.mailing", "one", str(count)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(answer.splitlines()[-1])
    return found


def peer(count: int) -> float:
    """CPU (ms) an invoice drawn by reportlab, put in an EmailMessage, through the same S3, SES and DynamoDB."""
    pages = words(ours(INVOICE))
    with tempfile.TemporaryDirectory() as folder:
        clients = MemoryCloud(count, Path(folder))
        portal = portal_of(clients)
        theirs(pages)
        started = time.process_time()
        for rank in range(count):
            send_their_way(f"{rank:06d}", theirs(pages), clients, portal)
        return (time.process_time() - started) * 1000 / count


def send_their_way(number: str, document: bytes, clients: MemoryCloud, portal: Portal) -> None:
    key = {"run": {"S": RUN}, "number": {"S": number}}
    told = {"town": portal.town, "link": portal.settings.link, "paper_link": "/retour-papier"}
    written = invoice_message(INVOICE, "famille@example.org", document=document, **told)  # type: ignore[arg-type]
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = portal.town.mail_from, written.to, written.subject
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    message.add_attachment(document, maintype="application", subtype="pdf", filename=f"{number}.pdf")
    clients.s3.put_object(Bucket="documents", Key=f"factures/{number}.pdf", Body=document)
    clients.dynamodb.put_item(TableName="t-deliveries", Item=key)
    raw = {"Raw": {"Data": message.as_bytes()}}
    clients.ses.send_email(Destination={"ToAddresses": [written.to]}, Content=raw)
    clients.dynamodb.update_item(TableName="t-deliveries", Key=key, UpdateExpression="SET outcome = sent")


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(measured(int(sys.argv[2]))))
        return
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    rl_config.useA85 = 0
    pdfmetrics.registerFont(TTFont("Plain", FONTS / "DejaVuSans-Latin.ttf"))
    pdfmetrics.registerFont(TTFont("Bold", FONTS / "DejaVuSans-Bold-Latin.ttf"))
    few, many = apart(SMALL), apart(large)
    beside = peer(PEER)
    print(f"7  CPU an invoice mailed: {many['cpu']:.2f} ms, reportlab's way {beside:.2f} ms (≤ it)")
    print(f"8  AWS calls an invoice mailed: {many['calls']:.3f} (≤ 4.2), the run's own included")
    print(f"9  peak memory, {large} over {SMALL} invoices: {many['peak'] / few['peak']:.3f} (≤ 1.03)")
    print(f"10 state transitions an invoice, {MONTH} of them: {transitions(MONTH):.4f} (≤ 0.02)")


if __name__ == "__main__":
    main()
