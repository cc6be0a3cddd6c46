"""Load on the deployed stack: many users at once; what each route answered, how long it took; and then the audit."""
