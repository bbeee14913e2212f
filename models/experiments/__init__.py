"""The paper's analyses and those that it lacks, one command each (``vitrine experiment NAME CONFIG``)."""
