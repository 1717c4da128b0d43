SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SERVICES ?= core

help: ## what can be done here
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

node_modules: package-lock.json
	@npm ci --no-audit --no-fund
	@touch node_modules

engine: ## find a Docker Engine, or install and start one
	@scripts/engine.sh

images: node_modules engine ## have every image that SERVICES needs (default: core; `make images SERVICES=all`)
	@node test/images/build.ts $(SERVICES)

demo: node_modules engine ## bring SERVICES up through the built action, use one, take all down (default: core)
	@node test/images/build.ts $(SERVICES)
	@node scripts/demo.ts $(SERVICES)

up: node_modules engine ## bring SERVICES up and keep them; a table shows how (default: core)
	@node test/images/build.ts $(SERVICES)
	@node scripts/local.ts up $(SERVICES)

down: node_modules ## take down what `make up` brought up
	@node scripts/local.ts down

dist: node_modules ## rebuild dist/ from src/
	@scripts/dist.sh

lock: node_modules ## renew compose/images.lock.yaml: what the stack's tags name at docker.io now
	@node scripts/lock.ts

smoke: node_modules engine ## bring everything up through the built action, prove each promise, take it down
	@node test/images/build.ts all
	@node scripts/smoke.ts

examples: node_modules engine ## run the tests of examples/ (or EXAMPLES) on a stack that the built action brings up
	@command -v mvn >/dev/null || scripts/apt-install.sh maven openjdk-17-jdk-headless
	@node test/images/build.ts kafka mongodb redis prometheus loki tempo
	@node scripts/examples.ts $(EXAMPLES)

preview-demo: node_modules engine ## previews of pull requests, on this engine and on a Swarm of three nodes (that needs root)
	@node test/images/build.ts redis
	@node scripts/preview-demo.ts

test: ## everything this machine can test
	@scripts/test.sh core contract scenarios

test-core: ## pure tests, seconds, no engine
	@scripts/test.sh core

test-contract: ## one system at a time on a real engine
	@scripts/test.sh contract

test-scenarios: ## the built action on whole stacks
	@scripts/test.sh scenarios

bench-ready: node_modules engine ## time until every system works, against docker compose
	@node test/images/build.ts all
	@node test/bench/ready.ts

bench-images: node_modules engine ## images and starts, cold and warm, against docker compose and docker load; hours, needs root
	@node test/images/build.ts all
	@node test/bench/images.ts

bench-logs: node_modules engine ## time and memory of keeping a gigabyte of logs
	@node test/images/build.ts redis
	@node test/bench/logs.ts

screenshots: node_modules ## the job summary as GitHub shows it, into docs/images
	@dpkg -s chromium fonts-liberation fonts-noto-color-emoji pngquant >/dev/null 2>&1 || scripts/apt-install.sh chromium fonts-liberation fonts-noto-color-emoji pngquant
	@node scripts/screenshots.ts

clean: ## free what the tests keep: containers, images, caches
	@scripts/clean.sh

.PHONY: help engine images demo up down dist lock smoke examples preview-demo test test-core test-contract test-scenarios bench-ready bench-images bench-logs screenshots clean
