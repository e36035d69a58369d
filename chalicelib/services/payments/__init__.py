"""Money: started, heard of, settled, given back, counted; one verb a file."""
