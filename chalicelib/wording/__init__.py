"""French texts of pages, mails, documents and reports, by subject."""
