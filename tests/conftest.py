"""What every test shares."""

from hypothesis import settings

# Machines that run the tests are shared and noisy: a time limit an example would fail at random.
settings.register_profile("kindmark", deadline=None)
settings.load_profile("kindmark")
