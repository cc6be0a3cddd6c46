"""Looking at a stage, one generation or one user. Everything here reads, and changes nothing."""
