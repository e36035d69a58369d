"""The front door: names the application, hangs every room on it, declares the Lambda tasks, and nothing else."""

from typing import Any

from chalicelib.handlers import captcha, coming, documents, home, information, invoices, machines, sign_in
from chalicelib.handlers.logs import log_to_json
from chalicelib.handlers.web import PortailApp, harden

ROOMS = (sign_in, captcha, home, invoices, coming, information, machines)

app = PortailApp("portail-famille")
log_to_json()
app.register_middleware(harden, "http")
for room in ROOMS:
    app.register_blueprint(room.pages)


@app.lambda_function()
def draw_documents(event: dict[str, Any], context: Any) -> dict[str, int]:
    return documents.draw(event)
