"""The kinds of training: instruction SFT, classification, preference between answers, DPO.

    result = run_stage(recipe, stage, run, work)    see train/stages/stage.py

One module a kind; each says which rows it learns from, which library's trainer it uses as it is,
and what is measured before and after.
"""

import logging

import datasets
from huggingface_hub import constants

# trl tells its makers which trainer runs on which device; nothing is sent from here.
constants.HF_HUB_DISABLE_TELEMETRY = True
# bitsandbytes regrets, on import, a kernel that it would fetch from the hub.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
# A bar for each pass over the rows would run through the one that shows the training.
datasets.disable_progress_bars()
