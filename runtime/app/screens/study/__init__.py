"""The screens of a child who studies: the own page, a question, the end."""
