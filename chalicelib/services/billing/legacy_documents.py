"""Documents taken over from other software: kept unchanged as the documents of their invoices, and never mailed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.services.account.family_import import Difference
from chalicelib.store.documents import DocumentStore, invoice_key


class OtherDocument(Exception):
    """The invoice already has a document, and it is not this one."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference)
        self.difference = difference


@dataclass(frozen=True)
class Takeover:
    """`read`: the bytes of the PDF of an invoice, by its number, as the other software made them."""

    read: Callable[[str], bytes]
    documents: DocumentStore
    clock: Clock

    def keep(self, number: str) -> Document:
        """Store the PDF once, byte for byte. Raises OtherDocument when other bytes stand under that number."""
        content, key = self.read(number), invoice_key(number)
        kept = self.documents.keep(key, content)
        if kept.sha256 != sha256(content):
            raise OtherDocument(Difference("document", kept.sha256, sha256(content)))
        return Document(key=key, sha256=kept.sha256, octets=kept.octets, drawn_at=self.clock())

    def changes(self, held: Invoice) -> tuple[Difference, ...]:
        """What the PDF says otherwise than the document that the family already has."""
        if held.document is None:
            return ()
        given = sha256(self.read(held.number))
        return () if given == held.document.sha256 else (Difference("document", held.document.sha256, given),)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
