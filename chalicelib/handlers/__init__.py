"""Entry points: HTTP pages, webhooks and Lambda tasks. Business logic is in `services`."""
