"""Calendar and appointments: for those who run schedules, and for those who are served."""
