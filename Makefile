# make chat    questions and answers about ARTICLES in the terminal (sets everything up first)
# make test    all tests (sets everything up first)
# make help    the rest

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PEERS := .venv-peers
BIN := $(VENV)/bin
ARTICLES ?= tests/articles
quoted = '$(subst ','\'',$(1))'
# One index for each articles folder, so that going from one to another embeds nothing twice.
INDEX ?= .index/$(shell printf '%s' $(call quoted,$(abspath $(ARTICLES))) | cksum | cut -d' ' -f1)
K ?= 3

.PHONY: help chat bot test check format bench calibrate visible fragments sites load stress rebuilds sizes engines cluster gpu bench-peers clean
.DEFAULT_GOAL := help

help:
	@echo "make chat [ARTICLES=folder]   ask about a folder of articles (default: the sample articles)"
	@echo "make bot  [ARTICLES=folder]   run the Telegram bot (needs TELEGRAM_BOT_TOKEN)"
	@echo "make test                     run all tests"
	@echo "make check                    lint, types, import directions"
	@echo "make bench                    measure quality, speed, sizes and peers (hours); results go to benchmarks/results"
	@echo "make bench-peers              the same questions to other systems, in an environment of their own"
	@echo "make calibrate                fit the confidence to the development questions"
	@echo "make visible, make fragments  hold passages, and links to them, against a browser (needs chromium)"
	@echo "make stress                   crashes, damage, hostile input, load: under half an hour"
	@echo "make load                     300 questions to the bot from 100 chats at once"
	@echo "make rebuilds                 what rebuilds cost where little has changed"
	@echo "make sizes                    1,000 to a million passages (an hour): time, disk, memory, recall"
	@echo "make engines                  a folder and Milvus asked the same questions"
	@echo "make cluster                  the same articles embedded here, and by workers of a Ray cluster"
	@echo "make gpu                      measure embedding on a GPU"
	@echo "make sites                    hold links against real Hexo, Jekyll and Hugo"

$(VENV)/installed: pyproject.toml constraints.txt
	@echo "setting up $(VENV) (once; some minutes)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

chat: $(VENV)/installed
	@$(BIN)/rebuild-embeddings $(call quoted,$(ARTICLES)) --index $(call quoted,$(INDEX)) >&2
	@$(BIN)/ask-articles --index $(call quoted,$(INDEX)) -k $(K)

bot: $(VENV)/installed
	@$(BIN)/rebuild-embeddings $(call quoted,$(ARTICLES)) --index $(call quoted,$(INDEX)) >&2
	@INDEX_DIR=$(call quoted,$(INDEX)) $(BIN)/article-bot

test: $(VENV)/installed
	@$(BIN)/python -m pytest

check: $(VENV)/installed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/test_architecture.py

format: $(VENV)/installed
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

BENCHMARKS := calibrate samples drcd languages mixed variants declined crowd load embedding asking rebuilds quality sizes
bench: $(VENV)/installed $(PEERS)/installed
	@for each in $(BENCHMARKS); do $(BIN)/python -m benchmarks.$$each || missed="$$missed $$each"; done; \
	[ -z "$$missed" ] || { echo "a bar was missed by:$$missed" >&2; exit 1; }

calibrate visible fragments sites load stress rebuilds sizes engines cluster gpu: $(VENV)/installed
	@$(BIN)/python -m benchmarks.$@

$(PEERS)/installed: benchmarks/peers.txt
	@echo "setting up $(PEERS) (once; some minutes)" >&2
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers.txt
	@touch $@

bench-peers: $(VENV)/installed $(PEERS)/installed
	@$(BIN)/python -m benchmarks.quality

clean:
	rm -rf $(VENV) $(PEERS) .index build *.egg-info
