"""The setup guide: what an organization does before it is live, step by step."""
