"""What a team does to a running deployment, a stage of its AWS account or the local cloud: audit it, grant credits."""
