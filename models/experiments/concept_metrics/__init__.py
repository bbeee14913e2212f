"""Existence, location and global importance of concepts, after Aysel, Cai and Prügel-Bennett (2025).

H. I. Aysel, X. Cai, A. Prügel-Bennett, Concept-Based Explainable Artificial Intelligence: Metrics and Benchmarks,
arXiv:2501.19271. Their concepts are independent yes/no attributes with a centre pixel each; here they are options that
exclude each other within a group, with masks. Each module says what follows from that.
"""
