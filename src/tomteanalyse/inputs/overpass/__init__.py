"""What it takes to fetch an extract: the area, the services, the pieces, the file."""
