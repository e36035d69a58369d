"""The front door: names the application, hangs every room on it, declares the Lambda tasks, and nothing else."""

from typing import Any

from chalice.app import Cron, Rate

from chalicelib.handlers import (
    address,
    captcha,
    contact_details,
    delivery,
    delivery_check,
    documents,
    email_link,
    family_file,
    feedback,
    forgotten,
    home,
    inbox,
    information,
    invoices,
    machines,
    mailings,
    my_data,
    new_password,
    notices,
    notifications,
    passwords,
    payment_outcome,
    payment_tasks,
    payments,
    sign_in,
    specimens,
)
from chalicelib.handlers.logs import log_to_json
from chalicelib.handlers.web import PortailApp, harden

ROOMS = (
    sign_in, captcha, forgotten, new_password, passwords, home, family_file, contact_details, email_link, address,
    delivery, delivery_check, my_data, invoices, payments, payment_outcome, notices, information, machines,
)  # fmt: skip

app = PortailApp("portail-famille")
log_to_json()
app.register_middleware(harden, "http")
for room in ROOMS:
    app.register_blueprint(room.pages)


@app.lambda_function()
def draw_documents(event: dict[str, Any], context: Any) -> dict[str, int]:
    return documents.draw(event)


@app.lambda_function()
def notify(event: dict[str, Any], context: Any) -> dict[str, int]:
    return notifications.notify(event)


@app.lambda_function()
def draw_specimen(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return specimens.draw(event)


@app.lambda_function()
def receive_billing_file(event: dict[str, Any], context: Any) -> dict[str, list[str]]:
    return inbox.receive(event)


@app.lambda_function()
def draw_receipt(event: dict[str, Any], context: Any) -> dict[str, int]:
    return payment_tasks.draw(event)


@app.lambda_function()
def mail_payment(event: dict[str, Any], context: Any) -> dict[str, str | None]:
    return payment_tasks.mail(event)


@app.schedule(Rate(10, unit=Rate.MINUTES))
def look_after_payments(event: Any) -> dict[str, int]:
    return payment_tasks.look_after(event)


@app.schedule(Cron(0, "*", "*", "*", "?", "*"))
def mailing_tick(event: Any) -> dict[str, list[str]]:
    return mailings.tick()


@app.lambda_function()
def mailing_plan(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return mailings.plan(event)


@app.lambda_function()
def mailing_draw(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.draw(event)


@app.lambda_function()
def mailing_check(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.check_drawn(event)


@app.lambda_function()
def mailing_release(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.release(event)


@app.lambda_function()
def mailing_deliver(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.deliver(event)


@app.lambda_function()
def mailing_fail(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.fail(event)


@app.lambda_function()
def mailing_paper(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.paper(event)


@app.lambda_function()
def mailing_print(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailings.print_parts(event)


@app.lambda_function()
def mailing_close(event: dict[str, Any], context: Any) -> dict[str, bool]:
    return mailings.close(event)


@app.lambda_function()
def mail_feedback(event: dict[str, Any], context: Any) -> dict[str, int]:
    return feedback.receive(event)
