"""Jobs that workers do. The row is the truth about a job; the queue only carries its id (docs/adr/0046)."""
