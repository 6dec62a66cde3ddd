"""What every figure is drawn with: the sheet, its marks and texts, and the figure itself."""
