"""The French sentences of pages, mails, documents and reports, by subject."""
