"""The parents' pages, one module per screen."""
