"""Speed and memory of whole processes, with ratios to peers measured in the same run. `python -m benchmarks`"""
