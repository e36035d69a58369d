"""Invoice PDFs migrated from other software: stored unchanged as the documents of their invoices, never mailed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.clock import Clock
from chalicelib.domain.invoice import Document, Invoice
from chalicelib.services.account.family_import import Difference
from chalicelib.store.documents import DocumentStore, invoice_key


class OtherDocument(Exception):
    """The invoice already has another document."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference)
        self.difference = difference


@dataclass(frozen=True)
class Takeover:
    """Migration of the other software's PDFs. `read`: invoice number → the bytes of its PDF."""

    read: Callable[[str], bytes]
    documents: DocumentStore
    clock: Clock

    def keep(self, number: str) -> Document:
        """Store the PDF once, byte for byte. Returns it. Raises OtherDocument when that number has other bytes."""
        content, key = self.read(number), invoice_key(number)
        stored = self.documents.keep(key, content)
        if stored.sha256 != sha256(content):
            raise OtherDocument(Difference("document", stored.sha256, sha256(content)))
        return Document(key=key, sha256=stored.sha256, size_bytes=stored.size_bytes, drawn_at=self.clock())

    def changes(self, existing: Invoice) -> tuple[Difference, ...]:
        """Returns the difference between the PDF and the document that the family already has, by SHA-256."""
        if existing.document is None:
            return ()
        imported = sha256(self.read(existing.number))
        return (
            ()
            if imported == existing.document.sha256
            else (Difference("document", existing.document.sha256, imported),)
        )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
