"""What is thrown at Veil to see it hold: bad photos, faults, hostile callers."""
