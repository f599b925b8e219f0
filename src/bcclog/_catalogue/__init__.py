"""What mail clients write in each language: data, and what it is compiled to."""
