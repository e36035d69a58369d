"""The cash desk of the régie: quittances, the day's closing, the statement of a period."""
