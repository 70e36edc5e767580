"""Serves what install.py has put into a folder, at a free port of 127.0.0.1:

    serve.py FOLDER

Prints the address once the model is loaded, and ends when its standard input does: then whoever
started it is gone.
"""

import os
import sys

folder = sys.argv[1]
sys.path.insert(0, f"{folder}/python")
# Threads that spin while they wait make two shared cores ten times slower.
os.environ.update(OMP_WAIT_POLICY="passive", GOMP_SPINCOUNT="0")

import xllamacpp  # noqa: E402  (its thread library reads the variables above when it is loaded)

params = xllamacpp.CommonParams()
params.model.path = f"{folder}/model.gguf"
params.model_alias = {"smollm2-135m-instruct"}
params.hostnames = ["127.0.0.1"]
params.port = 0
params.n_ctx = 4096
params.n_parallel = 1
params.n_predict = 500
# One thread: the other core is for those who watch it write.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
params.sampling.seed = 1
# So small a model would repeat itself for ever: DRY sampling keeps it from that.
params.sampling.dry_multiplier = 1
params.sampling.dry_base = 1.75
params.sampling.dry_allowed_length = 2

server = xllamacpp.Server(params)
print(f"listening on {server.listening_address}", flush=True)
sys.stdin.read()
os._exit(0)
