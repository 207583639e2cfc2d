"""A storm over the record: many processes write at once while processes and the database are killed."""
