"""Payments: card payments and bank notices, receipts, settlements, refunds, reconciliation and audit."""
