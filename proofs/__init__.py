"""What Veil claims, proved: chaos in simulated time and on the deployed stack, load, benchmarks, costs."""
