"""Reads a JSON list of expositions (UTF-8, in base64) from stdin; writes what prometheus_client makes of each as JSON.

They are in the text format, or with the argument `openmetrics` in OpenMetrics; then the families have a unit, too, and a
sample with a timestamp has it in seconds.

Nothing is lost on the way: bytes that are not valid UTF-8 are an error, labels are pairs, values are repr strings.
"""
import base64
import json
import sys

is_openmetrics = sys.argv[1:] == ['openmetrics']
if is_openmetrics:
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
else:
    from prometheus_client.parser import text_string_to_metric_families


def exemplar_of(exemplar):
    return {'labels': exemplar.labels, 'value': exemplar.value, 'timestamp': float(exemplar.timestamp)}


def families_of(text):
    return [
        {
            'name': family.name,
            'type': family.type,
            'help': family.documentation,
            **({'unit': family.unit} if is_openmetrics else {}),
            'samples': [
                {
                    'name': sample.name,
                    'labels': list(sample.labels.items()),
                    'value': repr(sample.value),
                    **({'timestamp': float(sample.timestamp)} if is_openmetrics and sample.timestamp else {}),
                    **({'exemplar': exemplar_of(sample.exemplar)} if is_openmetrics and sample.exemplar else {}),
                }
                for sample in family.samples
            ],
        }
        for family in text_string_to_metric_families(text)
    ]


expositions = [base64.b64decode(written).decode('utf-8', 'strict') for written in json.load(sys.stdin)]
json.dump([families_of(text) for text in expositions], sys.stdout)
