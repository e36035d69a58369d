"""A way in that the desk sends on the telephone: one account, its own one-time link, whatever was asked before."""

from chalicelib.clock import Clock
from chalicelib.domain.account import Account
from chalicelib.domain.ticket import LINK_LASTS, RESET_LINK
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, your_credentials
from chalicelib.services.authentication.password_links import draw_link
from chalicelib.services.authentication.tokens import new_token
from chalicelib.store.tickets import TicketStore


def invite(account: Account, to: str, *, town: Town, link: Link, tickets: TicketStore, clock: Clock) -> Message:
    """The mail « Vos identifiants » with a link good once, for 30 minutes; older links of the account die."""
    ends_at = clock() + LINK_LASTS
    token = draw_link(account, new_token(), kind=RESET_LINK, ends_at=ends_at, tickets=tickets)
    path = f"/nouveau-mot-de-passe?jeton={token}"
    return your_credentials(to, town=town, link=link, links=[(account, path)], ends_at=ends_at)
