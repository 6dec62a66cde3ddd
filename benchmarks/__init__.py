"""How fast costsim is, as ratios within one run, because machines differ and are shared.

`python -m benchmarks` prints every figure: the engines against each other, the kernel against a
loop in C, a study against a plain SimPy script, growth with the number of referrals, workers, and
start-up. Nothing here is asserted: the figures are read, not tested.
"""
