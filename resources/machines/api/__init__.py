"""
The API: the public catalogue as JSON, for programs to read.

Wrong parameters, which the list for people ignores, are errors here.
"""
