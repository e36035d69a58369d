"""The town's CSV files: read, checked and reported line by line."""
