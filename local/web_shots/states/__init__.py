"""Every screen in every state: what `make web-shots` takes pictures of, and axe reads."""

from local.web_shots.states.flow import FLOW
from local.web_shots.states.images import IMAGES
from local.web_shots.states.me import ME
from local.web_shots.states.money import MONEY
from local.web_shots.states.start import START

STATES = (*START, *FLOW, *IMAGES, *MONEY, *ME)
