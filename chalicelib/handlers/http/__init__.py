"""The HTTP layer of every page: routing, visits, forms, cookies, sessions, responses."""
