"""Wages: what practitioners earn by what they hold, and how it is paid out."""
