"""Files that people bring and take: uploads in parts, the form field for them, and stored files as answers. It has no pages of its own."""
