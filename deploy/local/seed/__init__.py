"""Two believable organizations for the demo, made through the product's own actions."""
