"""What people see and keep: the web map, tables, the GeoPackage and the manifest."""
