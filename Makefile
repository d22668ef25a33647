# Every target does its own set-up in .venv: `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?=
MODELS ?= models
TARGET ?= slim
RECIPE ?= recipes/sentiment.toml
DATA ?= data
MINUTES ?= 5
comma := ,
# What is installed besides the base: `make serve EXTRAS=openvino`, or `EXTRAS=gpu,train,vectors,encoder` for `make train`.
EXTRAS ?=

# A stamp says which extras stand in .venv; a newer pyproject.toml or lock installs them again.
stamp = $(VENV)/.installed$(if $(1),-$(subst $(comma),-,$(1)))
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable '.$(if $(1),[$(1)])'

TRAIN_EXTRAS := $(if $(EXTRAS),$(EXTRAS),tensorflow$(comma)train$(comma)vectors$(comma)encoder)
DEV_EXTRAS := openvino,tensorflow,train,dev

.PHONY: help serve train test check docs bench soak image lock clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/uv: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@touch $@

$(VENV)/.installed%: $(BIN)/uv pyproject.toml constraints.txt
	$(call install,$(subst -,$(comma),$(patsubst -%,%,$*)))
	@touch $@

$(VENV)/.installed: $(BIN)/uv pyproject.toml constraints.txt
	$(call install,)
	@touch $@

serve: $(call stamp,$(EXTRAS)) ## Serve models/ (PORT=8000, WORKERS=one per core, MODELS=models, EXTRAS=openvino,tensorflow)
	$(BIN)/horngate serve --port $(PORT) --models-dir $(MODELS) $(if $(WORKERS),--workers $(WORKERS))

train: $(call stamp,$(TRAIN_EXTRAS)) ## Train and export one recipe (RECIPE=recipes/sentiment.toml, DATA=data)
	$(BIN)/python -m scripts.train $(RECIPE) --data $(DATA)

test: $(call stamp,$(DEV_EXTRAS)) ## Run every test
	$(BIN)/pytest --numprocesses auto --dist loadfile $(PYTEST)

check: $(call stamp,$(DEV_EXTRAS)) ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

docs: $(call stamp,$(DEV_EXTRAS)) ## Build the documentation into build/documents/site
	$(BIN)/python -m scripts.documents

bench: $(call stamp,tensorflow$(comma)train) ## Measure the server beside its peers and its limits (BENCH=--quick)
	$(BIN)/python -m scripts.bench $(BENCH)

soak: $(call stamp,) ## Load the server with everything for MINUTES=5 and watch its memory
	$(BIN)/python -m scripts.soak --minutes $(MINUTES) $(SOAK)

image: ## Build the container image (TARGET=slim or full)
	docker build --target $(TARGET) --tag horngate:$(TARGET) .

lock: $(BIN)/uv ## Pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --upgrade --no-header --no-annotate --output-file constraints.txt

clean: ## Remove .venv and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache htmlcov .coverage
