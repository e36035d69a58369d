"""A fictional town of any size, made from a seed: the files that its billing software would send us."""
