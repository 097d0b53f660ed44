"""
The parts of pages that are made in Python.

Templates take ten times as long as this for what repeats, such as cards and choices,
and for the many small parts of a record. What is the same on all pages of a language
stands between {% same %} and {% endsame %} in a template.

`language` is always that of the page, which is the active one. Whatever comes from
the database is escaped; addresses of records and contributors are not, as quote() has
left nothing in them that means something in HTML.
"""
