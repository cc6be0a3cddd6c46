"""All of Veil in one process, under one seed: the functions as they are, and everything around them simulated.

What is real: the handlers, the use cases, the adapters, botocore with its retries, and the providers' clients. What
is simulated begins at the network: DynamoDB and S3 with AWS's semantics, Replicate, Upstash, Azure Face, time, and the
end of a process between any two of its calls.
"""
