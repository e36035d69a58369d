"""The search of families: how words are folded, what they sound like, the words of an account, and queries."""
