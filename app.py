"""Entry point of the Chalice application: its routes (blueprints), Lambda tasks and schedules; no logic."""

from typing import Any

from chalice.app import Cron, Rate

from chalicelib.handlers.family import (
    address,
    captcha,
    change_password,
    contact_details,
    delivery_check,
    delivery_mode,
    email_link,
    family_file,
    forgotten_credentials,
    home,
    invoices,
    legal_pages,
    my_data,
    new_password,
    payment_link,
    payment_of_several,
    payment_outcome,
    payments,
    sign_in,
    undo_email_change,
)
from chalicelib.handlers.http import static_and_health
from chalicelib.handlers.http.json_logs import log_to_json
from chalicelib.handlers.http.routing import PortailApp, harden_response
from chalicelib.handlers.tasks import billing_inbox, mailing, ses_events
from chalicelib.handlers.tasks import draw_documents as documents
from chalicelib.handlers.tasks import draw_specimen as specimens
from chalicelib.handlers.tasks import index_families as search_index
from chalicelib.handlers.tasks import notify as notifications
from chalicelib.handlers.tasks import payments as payment_tasks
from chalicelib.handlers.webhooks import paybox_notice

PAGE_MODULES = (
    sign_in, captcha, forgotten_credentials, new_password, change_password, home, family_file, contact_details,
    email_link, undo_email_change, address, delivery_mode, delivery_check, my_data, invoices, payments,
    payment_link, payment_of_several, payment_outcome, paybox_notice, legal_pages, static_and_health,
)  # fmt: skip

app = PortailApp("portail-famille")
log_to_json()
app.register_middleware(harden_response, "http")
for module in PAGE_MODULES:
    app.register_blueprint(module.pages)


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
    return billing_inbox.receive(event)


@app.lambda_function()
def draw_receipt(event: dict[str, Any], context: Any) -> dict[str, int]:
    return payment_tasks.draw(event)


@app.lambda_function()
def mail_payment(event: dict[str, Any], context: Any) -> dict[str, str | None]:
    return payment_tasks.mail(event)


@app.schedule(Rate(payment_tasks.EVERY_MINUTES, unit=Rate.MINUTES))
def look_after_payments(event: Any) -> dict[str, int]:
    return payment_tasks.look_after(event)


@app.schedule(Cron(0, "*", "*", "*", "?", "*"))
def mailing_tick(event: Any) -> dict[str, list[str]]:
    return mailing.tick()


@app.lambda_function()
def mailing_plan(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return mailing.plan(event)


@app.lambda_function()
def mailing_draw(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.draw(event)


@app.lambda_function()
def mailing_check(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.check_drawn(event)


@app.lambda_function()
def mailing_release(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.release(event)


@app.lambda_function()
def mailing_deliver(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.deliver(event)


@app.lambda_function()
def mailing_fail(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.fail(event)


@app.lambda_function()
def mailing_paper(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.paper(event)


@app.lambda_function()
def mailing_print(event: dict[str, Any], context: Any) -> dict[str, int]:
    return mailing.print_parts(event)


@app.lambda_function()
def mailing_close(event: dict[str, Any], context: Any) -> dict[str, bool]:
    return mailing.close(event)


@app.lambda_function()
def mail_feedback(event: dict[str, Any], context: Any) -> dict[str, int]:
    return ses_events.receive(event)


@app.lambda_function()
def index_families(event: dict[str, Any], context: Any) -> dict[str, int]:
    return search_index.index(event)
