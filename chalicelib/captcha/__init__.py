"""Captcha: its characters, its picture and its sound."""
