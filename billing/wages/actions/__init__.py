"""What is done about wages."""
