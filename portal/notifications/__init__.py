"""Notices behind the bell."""
