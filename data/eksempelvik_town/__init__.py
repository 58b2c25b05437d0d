"""The fictional town Eksempelvik: what is drawn where, in metres from its south-west corner."""
