"""Telephones, e-mail addresses and postcodes as people write them, read alike from forms and from files."""
