"""Which unsafe shortcuts a home tempts to: the index per plot, the pairs and the places behind it.

Not yet part of any score, map or table. Known fault to be mended before it is: in rare towns
another plot beside a plot changes which points of the open ground are linked, and with them a
distance.
"""
