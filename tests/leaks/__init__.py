"""What people must never meet, looked for in sources and in everything that they receive."""
