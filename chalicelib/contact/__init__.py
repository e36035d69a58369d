"""Telephones and e-mail addresses as people write them, read alike from forms and from files."""
