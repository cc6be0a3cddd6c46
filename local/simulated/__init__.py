"""AWS inside one process: DynamoDB, S3 and the functions below the wire, exact, fast and repeatable."""
