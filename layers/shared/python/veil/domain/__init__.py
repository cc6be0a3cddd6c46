"""What Veil is, without AWS, HTTP or environment: credits, photos, generations and the rules that bind them."""
