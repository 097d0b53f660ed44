# make run [PORT=8001]                 the catalogue, with demonstration data
# make test [PYTEST_ARGS="-k list"]    every check, on SQLite and on PostgreSQL
#
# All they make lies in .venv and var. Neither needs more than Python 3.11.

PORT = 8000
JOBS = 2
PYTEST_ARGS =

PYTHON := $(firstword $(shell \
	for name in python3 python3.11; do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			&& echo $$name; \
	done))
VENV = .venv/bin/python
PYTEST = $(VENV) -m pytest -n $(JOBS) $(PYTEST_ARGS)

export LOCAL = 1
export PORT

# A real site as the checks see it, whatever the environment says.
REAL = env -u LOCAL -u DEBUG IDIASPORA_ENV= SECRET_KEY="$$($(VENV) -c \
	'import secrets; print(secrets.token_urlsafe(50))')" ALLOWED_HOSTS=example.org

# $(call step,what it is,command)
step = @echo "== $(1)"; $(2) || { echo "make test stopped at: $(1)" >&2; exit 1; }

.PHONY: run test port python
.NOTPARALLEL:

run: port .venv/requirements.txt
	@$(VENV) manage.py prepare_local http://127.0.0.1:$(PORT)/
	@$(VENV) manage.py worker --while-running $$$$ & \
		exec $(VENV) -m gunicorn -c idiaspora/gunicorn.py

test: .venv/requirements-dev.txt
	$(call step,lint,$(VENV) -m ruff check --quiet)
	$(call step,format,$(VENV) -m ruff format --check --quiet)
	$(call step,migrations,env -u DATABASE_URL $(VENV) manage.py makemigrations --check --dry-run)
	$(call step,settings of a real site,$(REAL) $(VENV) manage.py check --deploy --fail-level WARNING)
	$(call step,translations,$(VENV) manage.py translations --check)
	$(call step,tests on SQLite,env -u DATABASE_URL $(PYTEST))
ifdef DATABASE_URL
	$(call step,tests on the database of DATABASE_URL,$(PYTEST))
else
	$(call step,tests on PostgreSQL,$(VENV) tests/on_postgresql.py $(PYTEST))
endif
	@echo "== all is well"

port: python
	$(if $(shell echo '$(PORT)' | grep -xE '[1-9][0-9]{0,4}'),, \
		$(error PORT must be a number like 8001, not "$(PORT)"))
	$(if $(shell $(PYTHON) -c 'import socket; \
		socket.create_server(("127.0.0.1", $(PORT)))' 2>&1), \
		$(error Port $(PORT) is in use or not allowed; try another: make run PORT=8001))

python:
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed, as python3 or python3.11))
	$(if $(shell $(PYTHON) -c 'import venv, ensurepip' 2>&1), \
		$(error $(PYTHON) cannot make a virtual environment; install python3-venv))

# The copy of the requirements is written last: without it, or when they have changed,
# the packages are installed (again). Whatever broke off is made anew.
.venv/%.txt: python FORCE
	@cmp -s $*.txt $@ || { \
		echo "Installing the packages of $*.txt" && \
		{ test ! -e .venv/incomplete && $(VENV) -c \
			'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			|| $(PYTHON) -m venv --clear .venv; } && \
		touch .venv/incomplete && \
		$(VENV) -m pip install -q --disable-pip-version-check --no-cache-dir \
			--require-hashes -r $*.txt && \
		cp $*.txt $@ && rm .venv/incomplete; }
FORCE:
