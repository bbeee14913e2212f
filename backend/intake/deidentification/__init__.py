"""What is taken out of a file before anything of it is kept (DICOM PS3.15 Annex E)."""
