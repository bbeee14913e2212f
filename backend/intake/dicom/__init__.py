"""DICOM files as they are in hospitals, read into values and the way to show them."""
