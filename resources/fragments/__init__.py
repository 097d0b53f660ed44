"""
The parts of pages that are made in Python.

Templates take ten times as long as this for what repeats, such as cards and choices,
and for the many small parts of a record. What is the same on all pages of a language
stands between {% same %} and {% endsame %} in a template.
"""
