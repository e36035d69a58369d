"""The captcha as an image and as sound, only for the browser that it was created for."""

from collections.abc import Callable

from chalice.app import Response

from chalicelib.handlers.http.responses import file
from chalicelib.handlers.http.routing import Access, Pages
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.authentication.captcha import render_challenge

pages = Pages(__name__)


@pages.get("/captcha/{id}/image", access=Access.PUBLIC)
def show_captcha_image(visit: Visit, id: str) -> Response:
    return file(rendered(visit, id, visit.portal.captcha.picture), content_type="image/png")


@pages.get("/captcha/{id}/son", access=Access.PUBLIC)
def play_captcha_sound(visit: Visit, id: str) -> Response:
    return file(rendered(visit, id, visit.portal.captcha.sound), content_type="audio/wav")


def rendered(visit: Visit, identifier: str, render: Callable[[bytes], bytes]) -> bytes:
    portal = visit.portal
    return render_challenge(
        identifier,
        visitor=visit.csrf_secret,
        render=render,
        key=portal.secrets.csrf[0],
        tickets=portal.stores.tickets,
        clock=portal.clock,
    )
