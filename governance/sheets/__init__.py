"""Files that people import: read by their content, understood row by row, shown before anything is written."""
