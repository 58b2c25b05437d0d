"""The public edition's files. Every writer takes a `PublicAssessment` and nothing else."""
