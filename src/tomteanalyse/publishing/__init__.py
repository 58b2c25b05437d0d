"""The public edition: what may be known of the register by everybody, and how that is held to."""
