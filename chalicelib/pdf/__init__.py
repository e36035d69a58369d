"""Generation of PDF documents (fpdf2). Never imported by the web function: fpdf2 takes half a second to load."""
