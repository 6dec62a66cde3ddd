"""What an analysis of uncertainty found, put so that screen, page and workbook say the same."""
