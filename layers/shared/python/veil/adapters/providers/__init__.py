"""Those whose services Veil pays for, and the outputs that they make: Replicate, Azure AI Face, Upstash."""
