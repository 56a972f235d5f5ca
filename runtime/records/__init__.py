"""What is kept on disk: class sets that come in, marks that go out."""
