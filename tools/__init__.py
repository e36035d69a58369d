"""Generators of assets that are kept in the tree: fonts, captcha clips, word lists, screenshots."""
