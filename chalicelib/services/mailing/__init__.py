"""The mailing of a run: plan → draw → release → deliver → paper → close, each task safe to repeat."""
