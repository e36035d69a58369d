"""References of requests, and what is kept of one that was decided."""

from datetime import UTC, date, datetime

from chalicelib.domain.request import ID, Proof, Request, RequestKind, RequestState, new_reference

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
PROOF = Proof(key="justificatifs/x.pdf", extension="pdf", size_bytes=3, sha256="0" * 64)


def test_references_say_their_kind_and_their_day_and_are_never_alike():
    drawn = {new_reference(RequestKind.ADDRESS, date(2026, 6, 10)) for _ in range(200)}
    assert len(drawn) == 200
    assert all(ID.fullmatch(one) and one.startswith("A-260610-") for one in drawn)


def test_decided_request_keeps_who_and_why_and_forgets_the_proof():
    asked = Request(username="dupont", id="A-260610-ABCDEF", kind=RequestKind.ADDRESS, asked_at=NOON, proof=PROOF)
    ended = asked.ended(RequestState.REFUSED, at=NOON, by="camille", answer="Illisible.")
    assert (ended.pending, ended.proof) == (False, None)
    assert (ended.decided_by, ended.decided_at, ended.answer) == ("camille", NOON, "Illisible.")
