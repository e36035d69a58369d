"""E-mails: their content (messages), their MIME form (message), and sending through SES (mailer)."""
