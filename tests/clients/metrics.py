"""What the OpenMetrics parser of the Prometheus client makes of a listener's metrics.

usage: metrics.py URL
"""

import json
import sys
import urllib.request

from prometheus_client.openmetrics.parser import text_string_to_metric_families

with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
    text = answer.read().decode()
samples = {}
for family in text_string_to_metric_families(text):
    for sample in family.samples:
        samples[sample.name + json.dumps(sample.labels, sort_keys=True)] = sample.value
json.dump(samples, sys.stdout)
