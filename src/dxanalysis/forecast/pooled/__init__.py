"""The pooled engine: the next change of an indicator given level and pace, learnt from every region's past."""
