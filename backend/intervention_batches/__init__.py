"""Batches: one list of edits over a whole data set, as a job beside the server."""
