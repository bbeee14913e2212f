"""Statistics of reader studies: pure functions of arrays.

Letters: M readers, I items, N answers, C images, V categories, R resamples. In (M, I) arrays NaN stands for
"no answer". Nothing here raises for want of data: a figure that cannot be told is None, and has a sentence that says
why.
"""
