"""Covers."""


def renditions(name, width, height):
    return []


from django.core.files.uploadhandler import MemoryFileUploadHandler as UploadHandler
