"""Import of the town's CSV files, validated and reported line by line; export of families' changes."""
