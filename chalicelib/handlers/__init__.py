"""The edge: HTTP pages and Lambda tasks, nothing else."""
