"""Addresses for machines: in no language, and never moved."""

app_name = "machines"

urlpatterns = []
