"""The rules of the calendar as pure functions: frozen values in, an answer and its reason out."""
