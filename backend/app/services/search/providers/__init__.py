"""Stems of words, made by libraries."""
