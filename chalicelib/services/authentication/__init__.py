"""Signing in and out, passwords, activation codes, captcha, one-time links, sessions."""
