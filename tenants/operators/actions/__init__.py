"""What operators do: sign in, and measure."""
