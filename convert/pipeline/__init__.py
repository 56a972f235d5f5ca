"""From a training run to published files: steps that are skipped, resumed and recorded."""
