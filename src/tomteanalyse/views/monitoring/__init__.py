"""What monitoring found, for people: page, workbook, layers. Internal edition."""
