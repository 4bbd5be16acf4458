# A service like the tutorial's: /probe fails at FAIL_RATE and otherwise takes MEAN_S seconds on average.
import os
import random
import time

from flask import Flask, abort

from metrics import register_metrics

app = Flask(__name__)


@app.route('/probe')
def probe():
    if random.random() < float(os.environ['FAIL_RATE']):
        abort(500)
    time.sleep(random.gammavariate(alpha=3, beta=float(os.environ['MEAN_S']) / 3))
    return "I'm ok!"


@app.route('/metrics')
def metrics():
    from prometheus_client import generate_latest
    return generate_latest()


if __name__ == '__main__':
    register_metrics(app)
    app.run(host='127.0.0.1', port=int(os.environ['PORT']))
