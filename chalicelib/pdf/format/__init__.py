"""The PDF file format: objects, fonts, structure tree, metadata, reading and merging."""
