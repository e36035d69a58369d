"""Generators of assets committed to the tree: fonts, captcha clips, word lists, screenshots."""
