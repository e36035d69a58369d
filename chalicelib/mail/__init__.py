"""Mails: what they say (messages) and how they leave (mailer)."""
