"""The grammars of what a model writes: a few plain sentences, and nothing a text may hide in.

    WriteRequest(prompt, FEEDBACK, budget=60)

Letters are those of European languages; there are no line breaks, brackets of code, slashes of
addresses, stars or hashes of markup, and no signs of a template.
"""

# A full stop ends a sentence unless a digit follows: 3.5. A blank never follows a blank.
_SENTENCE = r"""
sentence ::= word ([ ] word)* [.!?]
word ::= piece+ [,;:]?
piece ::= [0-9A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžß'’"“”«»()%+=×÷·−–√π°€$£²³½⅓⅔¼¾^-] | [.,:/] [0-9]
"""

FEEDBACK = f"root ::= [ ]? sentence ([ ] sentence)? ([ ] sentence)?\n{_SENTENCE.strip()}"
"""One to three sentences to a child."""

REASON = f"root ::= [ ]? sentence\n{_SENTENCE.strip()}"
"""One sentence to a teacher."""
