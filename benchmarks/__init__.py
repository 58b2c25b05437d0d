"""What is measured against whom: one module per figure, ``python -m benchmarks`` prints the table.

A figure is a ratio of two times taken in turn in one run on one machine, so that it holds on other
machines too. Tests never measure time.
"""
