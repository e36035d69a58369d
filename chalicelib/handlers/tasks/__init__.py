"""The Lambda tasks: drawing, mailing, payments, files put in S3."""
