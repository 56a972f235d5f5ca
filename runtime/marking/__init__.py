"""The marking core: items, rubrics, evidence, decision, feedback. No I/O, no model, no screen."""
