#!/usr/bin/env bash
# Serves what install.sh has put into FOLDER at http://127.0.0.1:PORT/v1, until it is ended:
#   serve.sh FOLDER PORT
set -euo pipefail

# Threads that spin while they wait make two shared cores ten times slower.
export OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=0
# One thread: the other core is for those who watch it write.
# So small a model would repeat itself for ever: DRY sampling keeps it from that.
exec "$1/venv/bin/llama-server-vulkan" --model "$1/model.gguf" --alias smollm2-135m-instruct \
  --host 127.0.0.1 --port "$2" --ctx-size 4096 --parallel 1 --threads 1 \
  --seed 1 --predict 500 --dry-multiplier 1 --dry-base 1.75 --dry-allowed-length 2
