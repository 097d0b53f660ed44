"""The pages on which curators work: resources, vocabularies and the change log."""
