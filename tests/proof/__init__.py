"""The proof: what each backend is given fires at the steps at which the condition language says that it does."""
