"""Generator of a fictional town's import files (accounts, children, invoices), reproducible from a seed."""
