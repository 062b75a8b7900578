"""Enquiries from the website: the form's answer, the list for staff, and where they go."""
