"""The setup guide: which of its steps somebody has put aside. What is done is read from the facts, by the portal."""
