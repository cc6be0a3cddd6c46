"""What a generation costs on AWS: counted on the deployed stack, priced by one sheet."""
