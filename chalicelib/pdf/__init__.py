"""Documents as PDF; fpdf2 is imported only here, and never by the web function."""
