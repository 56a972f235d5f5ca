"""Reports: how well marks agree with labels, as figures, plots and one page readable offline."""
