"""What comes in: from the bytes of a file to pixels, how to show them, and what was left out; in a process apart."""
