# What a newcomer and the CI type. `make help` lists it.
#
# Everything runs in .venv, which is made when it is first needed: with uv where there is one (UV= turns that off),
# else with the first Python that is new enough, or the one that PYTHON names. WORKERS says how many tests run at once.

VENV := .venv
RUN := $(VENV)/bin/python
UV ?= $(shell command -v uv 2>/dev/null)
PYTHON ?=
WORKERS ?= auto

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# pip 23.0 warns of packages without a pyproject.toml (feedgen) unless it builds them the newer way.
export PIP_USE_PEP517 := 1

# The tests start a thousand processes: without bytecode each of them would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help run test coverage check lint golden validate bench-articles bench-catalog bench-channels bench-crowd \
  bench-growth bench-scale bench-search bench-serve bench-soak lighthouse screenshots clean FORCE

help: ## Lists the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.runtime ## Serves content/ at http://127.0.0.1:8000 (ARGS="--port 9000" for more)
	@exec $(RUN) -m feedsvc serve content $(ARGS)

test: lint ## Lint, types, and every test
	@$(RUN) -m pytest -n $(WORKERS)

coverage: $(VENV)/.test ## Every test again, and which branches of the package none of them takes: twice as slow
	@$(RUN) -m pytest -n $(WORKERS) --cov --cov-report=term

check: lint ## The fast part: lint, types, and the sample articles
	@$(RUN) -m feedsvc check content

lint: $(VENV)/.test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy

golden: $(VENV)/.test ## Rewrites the golden feeds; read the difference as you read code
	@GOLDEN=1 $(RUN) -m pytest -q tests/formats
	@git --no-pager diff --stat -- tests 2>/dev/null || true

screenshots: $(VENV)/.test ## Rewrites the pictures of pages in docs/images; look at each (needs chromium and fonts)
	@SCREENSHOTS=1 REQUIRE_PEERS=1 $(RUN) -m pytest -q tests/browser/test_screenshots.py
	@git --no-pager diff --stat -- docs/images 2>/dev/null || true

validate: $(if $(FEEDVALIDATOR),$(VENV)/.test) ## Judges the feeds by the W3C validator: make validate FEEDVALIDATOR=path/to/src
	@test -n "$(FEEDVALIDATOR)" || { \
	  echo "Say where the validator's source is: make validate FEEDVALIDATOR=path/to/src" >&2; \
	  echo "(git clone https://github.com/w3c/feedvalidator; the path is its src folder)" >&2; exit 2; }
	@$(RUN) tests/conformance.py "$(FEEDVALIDATOR)"

bench-articles: $(VENV)/.test ## What an article costs from file to entry, beside the bare libraries
	@$(RUN) bench/articles.py $(N)

bench-catalog: $(VENV)/.test ## What a large folder costs, beside Hugo: make bench-catalog N=10000 HUGO=path/to/hugo
	@HUGO="$(HUGO)" $(RUN) bench/catalog.py $(N)

bench-channels: $(VENV)/.test ## What channels, archives and filters cost, and whether they are valid: FEEDVALIDATOR=path/to/src
	@PYTHONPATH=tests FEEDVALIDATOR="$(FEEDVALIDATOR)" $(RUN) bench/channels.py $(N)

bench-crowd: $(VENV)/.test ## What readers see of thousands who only hold on, or ask for what is not there (wrk asks)
	@$(RUN) bench/crowd.py $(N)

bench-growth: $(VENV)/.test ## How an edit, a check and queries grow to a million articles; draws docs/images/growth.svg
	@$(RUN) bench/growth.py $(N)

bench-scale: $(VENV)/.test ## What readers, a revision and a replica cost: the figures of docs/scale.md
	@PYTHONPATH=tests $(RUN) bench/scale.py $(N)

bench-search: $(VENV)/.test ## What it costs to find articles by their words: make bench-search N=100000
	@$(RUN) bench/search.py $(N)

bench-serve: $(VENV)/.test ## What an answer costs, beside nginx and a bare ASGI application (wrk asks)
	@$(RUN) bench/serve.py $(N)

bench-soak: $(VENV)/.test ## A thousand readers while articles change and workers are killed: make bench-soak MINUTES=10
	@$(RUN) bench/soak.py $(MINUTES)

lighthouse: $(VENV)/.test ## What Lighthouse says of the pages, in hand and on the desk (needs npm and chromium)
	@PYTHONPATH=tests:tests/browser $(RUN) bench/lighthouse.py

clean: ## Removes .venv, caches and builds; leaves content/.feedsvc, which remembers ids
	@rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache \
	  .pytest_cache .ruff_cache *.egg-info
	@find feedsvc tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true


# --- the environment ---------------------------------------------------------------------------------------------

ifneq ($(UV),)
install = "$(UV)" pip install --quiet --python $(RUN)
else
install = $(RUN) -m pip install --quiet
endif

$(VENV)/.runtime: $(VENV)/.made pyproject.toml
	@echo "Installing feedsvc into $(VENV)"
	@$(install) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml
	@echo "Installing feedsvc and what its tests need into $(VENV)"
	@$(install) --editable '.[test]'
	@touch $@ $(VENV)/.runtime

# Where .venv's Python is gone, or is not the one that PYTHON names, .venv is made anew.
identity = $(shell "$(1)" -c 'import sys; print(sys.version)' 2>/dev/null)
present := $(call identity,$(RUN))
ifneq ($(present),$(if $(PYTHON),$(call identity,$(PYTHON)),$(or $(present),gone)))
$(VENV)/.made: FORCE
endif

# Exits with 3 where Python is too old, and with 1 where it cannot make environments (uv needs no help with that).
probe = import sys; print("%d.%d" % sys.version_info[:2]); sys.version_info < (3, 11) and sys.exit(3); \
  $(if $(UV),,import ensurepip, venv)

$(VENV)/.made:
	@chosen=; found=; bare=; \
	for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
	  version=$$("$$python" -c '$(probe)' 2>/dev/null); status=$$?; \
	  case "$$version:$$status" in \
	    [0-9]*:0) chosen=$$python; break ;; \
	    [0-9]*:3) found="$${found:+$$found, }$$version" ;; \
	    [0-9]*:*) bare=$$version ;; \
	  esac; \
	done; \
	if [ -z "$$chosen" ] && [ -n "$(UV)" ] && [ -z "$(PYTHON)" ]; then chosen='>=3.11'; fi; \
	if [ -z "$$chosen" ] && [ -n "$$bare" ]; then \
	  echo "Python $$bare cannot make a virtual environment: its venv or ensurepip module is missing." >&2; \
	  echo "On Debian and Ubuntu: apt-get install python3-venv (or python$$bare-venv). Or install uv." >&2; exit 1; fi; \
	if [ -z "$$chosen" ]; then \
	  echo "Python 3.11 or later is needed; found $${found:-none}$(if $(PYTHON), at $(PYTHON))." >&2; \
	  echo "Install it from your system's packages or https://www.python.org/downloads/, or install uv;" >&2; \
	  echo "or name the one to take: make PYTHON=/path/to/python3.12" >&2; exit 1; fi; \
	echo "Making $(VENV) with $(if $(UV),uv and )$$chosen"; \
	rm -rf $(VENV); \
	trap 'rm -rf $(VENV); exit 1' INT TERM HUP; \
	{ $(if $(UV),"$(UV)" venv --quiet --python "$$chosen" $(VENV),"$$chosen" -m venv $(VENV)) && touch $@; } \
	  || { rm -rf $(VENV); echo "$(VENV) could not be made: see above" >&2; exit 1; }
