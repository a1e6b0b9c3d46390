"""Files of a release, downloaded from the service that publishes them: whole, checked and on record, or not at all."""
