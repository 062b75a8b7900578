"""What visitors of the website write by the contact form, and what becomes of it."""
