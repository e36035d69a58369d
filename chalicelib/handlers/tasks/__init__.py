"""Lambda tasks: drawing PDFs, mailing, payments, billing files put in S3, SES events."""
