# A service like the book's: one endpoint with a counter and one with a timer.
import os
import random
import time

import prometheus_client
from flask import Flask, Response
from prometheus_client import Counter, Histogram

app = Flask('prometheus-app')

REQUESTS = Counter(
    'requests', 'Application Request Count',
    ['endpoint']
)

TIMER = Histogram(
    'slow', 'Slow Requests',
    ['endpoint']
)


@app.route('/metrics/')
def metrics():
    return Response(prometheus_client.generate_latest(), mimetype='text/plain; version=0.0.4; charset=utf-8')


@app.route('/')
def index():
    REQUESTS.labels(endpoint='/').inc()
    return '<h1>Development Prometheus-backed Flask App</h1>'


@app.route('/database/')
def database():
    with TIMER.labels('/database').time():
        time.sleep(random.uniform(float(os.environ['DB_MIN_S']), float(os.environ['DB_MAX_S'])))
    return '<h1>Completed expensive database operation</h1>'


if __name__ == '__main__':
    app.run(host='127.0.0.1', port=int(os.environ['PORT']))
