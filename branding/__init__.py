"""One organization's logo, palette, fonts, words and sender."""
