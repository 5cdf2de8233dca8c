"""Confidence that means something: a logistic model of the tagger's own figures, fitted on articles new to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

STEPS, RATE, SHRINK = 4000, 0.1, 1e-3


def fit(features: Any, right: Sequence[bool]) -> tuple[Any, float]:
    """Weights and bias of a logistic regression, a little shrunk. `features` is (statements, figures)."""
    x = np.asarray(features, np.float64)
    y = np.asarray(right, np.float64)
    mean, size = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / size
    weights, bias = np.zeros(x.shape[1]), 0.0
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(z @ weights + bias))) - y
        weights -= RATE * (z.T @ error / len(y) + SHRINK * weights)
        bias -= RATE * float(error.mean())
    return (weights / size).astype(np.float32), float(bias - (weights / size) @ mean)
