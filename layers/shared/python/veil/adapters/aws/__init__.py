"""AWS but its database: the clients with bounded time, the bucket, the queue, the secrets."""
