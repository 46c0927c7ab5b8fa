"""What is wrong with a wrong gradient: the usual mistakes, held against the numbers."""
