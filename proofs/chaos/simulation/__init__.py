"""All of Veil in one process, under one seed: the functions as they are, and everything around them simulated.

Real: handlers, use cases, adapters, botocore with its retries, the providers' clients. Simulated: all services behind
the network, time, and the end of a process between any two of its calls.
"""
