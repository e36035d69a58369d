"""Requests that other servers send us: the bank's payment notice."""
