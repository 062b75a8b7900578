"""What a browser asks of a host: brand.css, icons, manifest, robots."""
