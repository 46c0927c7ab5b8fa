"""Making what is handed out to students, and proving that it gives nothing away."""
