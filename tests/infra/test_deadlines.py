"""Times and sizes that hold each other up, though they stand in different packages: each pair, and why.

The stack's own are in `infra.times` and `infra.function_table`; other tests here hold the template against those.
"""

from typing import Any

import pytest

from infra import times
from infra.function_table import FUNCTIONS
from local.simulated.environment import environment
from local.simulated.functions import cold
from operations.audit.rules import RAW_PHOTO_SECONDS
from operations.audit.work import ENDS_WITHIN_SECONDS, SWEPT_WITHIN_SECONDS
from veil.adapters.aws import rekognition, secrets, sqs
from veil.adapters.aws.client import CONFIG
from veil.adapters.dynamodb.accounts import HELD_WITHIN_SECONDS
from veil.adapters.dynamodb.items import FORMER_SECONDS
from veil.adapters.dynamodb.ledger import IDEMPOTENCY_SECONDS
from veil.adapters.photos import sandbox
from veil.adapters.providers import comfy, comfy_wire, output_fetcher, receiver, replicate, toss
from veil.api.routes import ROUTES
from veil.bootstrap.images import PHOTO_URL_MARGIN_SECONDS
from veil.domain import erasure
from veil.domain.deadlines import CLEANUP_SECONDS, OVERDUE_MARGIN_SECONDS
from veil.domain.orders import CONFIRM_AGAIN_SECONDS, CONFIRM_GIVEN_UP_SECONDS, PAYABLE_SECONDS, SETTLE_SECONDS
from veil.domain.subscriptions import LEASE_SECONDS
from veil.domain.uploads import UPLOAD_LIFE_SECONDS, UPLOAD_URL_SECONDS
from veil.settings import GenerationsSettings, SettingsError, SweeperSettings
from veil.use_cases.hand_over import HANDED_OVER_SECONDS

API_GATEWAY_SECONDS = 30  # AWS's own limit on an HTTP API's integration
DAY = 24 * 3600
CHECK, SWEEPER, CHARGER, ERASER, NOTIFY = (
    FUNCTIONS[name] for name in ("check", "sweeper", "charger", "eraser", "notify")
)
CHECK_PROCESS_BYTES = 256 * 2**20  # the check's own process, twice its peak in docs/costs.md
LAST_POSSIBLE_DEADLINE = 3300  # of DUE_SECONDS


def _default(setting: str) -> Any:
    return GenerationsSettings.model_fields[setting].default


def _aws_call() -> float:
    """The longest call to AWS: every try runs into its timeouts."""
    return float((CONFIG.connect_timeout + CONFIG.read_timeout) * CONFIG.retries["total_max_attempts"])


def _all_receives() -> float:
    """The longest that a message can be on its way: each check fails at its timeout, or ends without a word."""
    waits: list[int] = [min(sqs.LONGEST_SECONDS, sqs.FIRST_SECONDS * 2**n) for n in range(times.MAX_RECEIVES)]
    return sum(max(times.VISIBILITY_SECONDS, CHECK.timeout_seconds + wait) for wait in waits)


def _one_sweep() -> float:
    """The longest until a generation that is due has been swept, if the sweep before it has just passed."""
    return times.SWEEP_PERIOD_MINUTES * 60 + SWEEPER.timeout_seconds


def test_no_late_writer_is_left_when_a_generation_is_cleaned_up() -> None:
    """A function that began before a refund may still store an image; the clean-up deletes it, so it has to wait."""
    assert 2 * max(spec.timeout_seconds for spec in FUNCTIONS.values()) <= CLEANUP_SECONDS


def test_a_function_answers_before_api_gateway_gives_it_up() -> None:
    """Else the client gets the gateway's own 503, without a problem that says what to do."""
    for route in ROUTES:
        assert FUNCTIONS[route.function].timeout_seconds < API_GATEWAY_SECONDS


def test_a_function_outlives_an_aws_call_that_hangs() -> None:
    """Else it is killed before it can answer 503 with a Retry-After."""
    assert _aws_call() < times.API_FUNCTION_SECONDS


def test_a_start_outlives_a_model_of_ones_own_and_a_queue_that_hang() -> None:
    """Else it is killed with the credits reserved: nobody told the person which generation that is."""
    tries = sqs.PATIENCE.retries["total_max_attempts"]
    queue = tries * (sqs.PATIENCE.connect_timeout + sqs.PATIENCE.read_timeout) + tries - 1  # at most 1 s between two
    assert comfy.ROOM_SECONDS + comfy.START_SECONDS + queue < times.API_FUNCTION_SECONDS


def test_a_webhook_outlives_an_output_that_trickles() -> None:
    """Else it is killed, and the image stays open until a sweep."""
    last_piece = output_fetcher.TIMEOUT.read or 0
    longest = (output_fetcher.TIMEOUT.connect or 0) + output_fetcher.TOTAL_SECONDS + last_piece
    assert longest < times.API_FUNCTION_SECONDS


def _comparison() -> float:
    """The longest call of Rekognition: every try hangs, with waits of 1 s and 2 s at the most between them."""
    config = rekognition.CONFIG
    tries = int(config.retries["total_max_attempts"])
    return float((config.connect_timeout + config.read_timeout) * tries + sum(2**n for n in range(tries - 1)))


def test_a_webhook_outlives_a_matcher_that_hangs() -> None:
    """Else it is killed, where it should answer that the callback has to come again."""
    assert _comparison() + _aws_call() / 3 < times.API_FUNCTION_SECONDS


def test_a_sweep_waits_no_longer_for_a_matcher_than_for_a_provider() -> None:
    """An image whose comparison hangs is asked for once, and neither cancelled nor started: its share is as below."""
    assert replicate.TIMEOUT["read"] + _comparison() < 3 * replicate.TIMEOUT["read"]


def test_the_check_outlives_its_sandbox() -> None:
    """After a photo that took all its time, the check still has to postpone its message: one call to AWS."""
    assert sandbox.WALL_SECONDS + _aws_call() < CHECK.timeout_seconds


def test_cpu_runs_out_before_the_clock_does() -> None:
    """A photo that keeps the CPU busy is rejected; one that only takes time, for whatever reason, is tried again."""
    assert sandbox.CPU_SECONDS < sandbox.WALL_SECONDS


def test_a_photo_meets_its_own_memory_limit_before_the_functions() -> None:
    """Else Lambda kills the function, and the photo is tried again, ten times, instead of rejected."""
    assert CHECK.memory_mb * 2**20 > sandbox.DATA_BYTES + CHECK_PROCESS_BYTES


def test_a_message_stays_hidden_while_it_is_checked() -> None:
    """AWS's advice for a queue before a function: six times the function's timeout, for throttles and batches."""
    assert 6 * CHECK.timeout_seconds <= times.VISIBILITY_SECONDS


def test_a_message_lives_through_all_its_receives() -> None:
    """Else the queue drops it, and no alarm says so. The redrive queue counts from when it was sent, too."""
    assert _all_receives() < times.QUEUE_RETENTION_DAYS * DAY < times.REDRIVE_RETENTION_DAYS * DAY


def test_a_raw_photo_outlives_its_checks() -> None:
    """Else a late try finds nothing to check."""
    assert UPLOAD_URL_SECONDS + _all_receives() < times.RAW_PHOTO_DAYS * DAY


def test_a_raw_photo_is_no_finding_while_it_may_be_checked() -> None:
    """The audit calls a raw photo left behind only when no receive is left that could remove it."""
    assert _all_receives() < RAW_PHOTO_SECONDS < times.RAW_PHOTO_DAYS * DAY


def test_an_upload_url_ends_with_its_upload() -> None:
    """A photo must not land after the upload that it belongs to."""
    assert UPLOAD_URL_SECONDS < UPLOAD_LIFE_SECONDS


def test_a_checked_photo_outlives_every_generation_from_it() -> None:
    """A generation may begin in the upload's last second, and start its last attempt at its deadline."""
    last_fetch = UPLOAD_LIFE_SECONDS + LAST_POSSIBLE_DEADLINE + _default("prediction_timeout_seconds")
    assert last_fetch < times.CHECKED_PHOTO_DAYS * DAY


def test_a_photo_url_outlives_its_prediction() -> None:
    """It is signed before the prediction is created, perhaps twice (a new token), and read until it is given up."""
    create = replicate.TIMEOUT["connect"] + replicate.TIMEOUT["read"]
    assert 2 * create < PHOTO_URL_MARGIN_SECONDS


def test_the_last_deadline_that_can_be_chosen() -> None:
    """The tests below rely on it, whatever a deployment chooses."""
    chosen = SweeperSettings.load(environment(DUE_SECONDS=f"{LAST_POSSIBLE_DEADLINE}"))
    assert chosen.due_seconds == (LAST_POSSIBLE_DEADLINE,)
    with pytest.raises(SettingsError, match="DUE_SECONDS"):
        SweeperSettings.load(environment(DUE_SECONDS=f"{LAST_POSSIBLE_DEADLINE + 1}"))


def test_a_generation_ends_within_the_promised_hour() -> None:
    """Replicate deletes its outputs after an hour: the sweep at the deadline has to be over by then."""
    assert LAST_POSSIBLE_DEADLINE + _one_sweep() <= ENDS_WITHIN_SECONDS


def test_a_repeated_request_finds_its_generation_until_that_has_ended() -> None:
    """Else the same key would start, and charge, a second one beside the first."""
    assert LAST_POSSIBLE_DEADLINE + _one_sweep() < IDEMPOTENCY_SECONDS


def test_no_held_credit_is_too_old_to_be_counted() -> None:
    """`GET /credits` adds up what is held over the generations of a day: an older one must have ended."""
    assert LAST_POSSIBLE_DEADLINE + _one_sweep() < HELD_WITHIN_SECONDS


def test_an_overdue_prediction_is_found_at_the_next_date() -> None:
    """The first date after its timeout has to find it overdue, else it waits for the date after that."""
    timeout = _default("prediction_timeout_seconds")
    first_after = next(age for age in _default("due_seconds") if age > timeout)
    assert timeout + OVERDUE_MARGIN_SECONDS <= first_after


def test_every_attempt_fits_before_the_deadline() -> None:
    """Though each ends only by its timeout, the last can still end before the rest is refunded."""
    attempt = _default("prediction_timeout_seconds") + OVERDUE_MARGIN_SECONDS
    assert _default("max_attempts") * attempt < _default("due_seconds")[-1]


def test_a_rotated_secret_is_honoured_until_what_it_signed_has_ended() -> None:
    """A process may sign with the old value until it reads the secret again, and a token must last to the deadline."""
    assert secrets.MAX_AGE_SECONDS + LAST_POSSIBLE_DEADLINE <= secrets.GRACE_SECONDS


def test_a_sweep_ends_before_lambda_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last generations that it begins may hang with every call to one provider, one image after another. Of each
    image it asks for the prediction, cancels what it tried until one is not answered, and starts the next attempt; and
    once it has a photo deleted at a model of one's own.
    """
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    reserve = cold("sweeper").RESERVE_MILLISECONDS / 1000
    images, piece = _default("images_per_generation"), comfy_wire.PIECE_SECONDS
    at_replicate = images * 3 * replicate.TIMEOUT["read"]
    at_comfy = images * (2 * piece + comfy.START_SECONDS) + piece
    assert max(at_replicate, at_comfy) < reserve < SWEEPER.timeout_seconds


def test_what_is_due_is_swept_before_the_audit_calls_it_unswept() -> None:
    """One sweep may fail: the next one comes a minute later."""
    assert 2 * _one_sweep() < SWEPT_WITHIN_SECONDS


TOSS_WINDOW_SECONDS, TOSS_CONFIRM_SECONDS = 30 * 60, 10 * 60  # Toss's own clocks
TOSS_WEBHOOK_SECONDS = 10  # it waits for an answer
TOSS_CHARGE_SECONDS = 60  # it may take to charge a card


def test_a_charge_may_take_the_time_that_toss_asks_for() -> None:
    """And the charger outlives it, with two calls to AWS that hang no longer than they may at once."""
    assert toss.CHARGE_SECONDS >= TOSS_CHARGE_SECONDS
    assert toss.CONNECT_SECONDS + toss.CHARGE_SECONDS + _aws_call() < CHARGER.timeout_seconds


def test_a_confirm_is_answered_before_api_gateway_gives_it_up() -> None:
    assert toss.CONNECT_SECONDS + toss.ANSWER_SECONDS < times.API_FUNCTION_SECONDS


def test_a_webhook_is_answered_while_toss_waits() -> None:
    assert toss.CONNECT_SECONDS + toss.READ_SECONDS < TOSS_WEBHOOK_SECONDS


def test_nobody_asks_about_a_call_that_may_still_run() -> None:
    """Whoever leases an order, a refund or a charge must be dead before another one asks what became of it."""
    assert CHARGER.timeout_seconds < LEASE_SECONDS
    assert toss.CONNECT_SECONDS + toss.ANSWER_SECONDS < times.API_FUNCTION_SECONDS < SETTLE_SECONDS


def test_an_order_can_be_paid_as_long_as_its_window_lives() -> None:
    assert TOSS_WINDOW_SECONDS + TOSS_CONFIRM_SECONDS < PAYABLE_SECONDS


def test_no_confirm_is_sent_that_toss_would_refuse_and_none_is_given_up_that_it_may_still_take() -> None:
    assert CONFIRM_AGAIN_SECONDS < TOSS_CONFIRM_SECONDS < CONFIRM_GIVEN_UP_SECONDS


def test_a_message_about_money_stays_hidden_while_it_is_worked_on() -> None:
    assert 6 * CHARGER.timeout_seconds <= times.MONEY_VISIBILITY_SECONDS
    assert HANDED_OVER_SECONDS > times.SWEEP_PERIOD_MINUTES * 60


def _waits() -> list[int]:
    """Between the receives of one event that is to be posted, each of which fails at once."""
    return [sqs.wait_after(n, sqs.LONGEST_DELIVERY_SECONDS) for n in range(1, times.DELIVERY_RECEIVES)]


def test_an_event_is_posted_for_a_day() -> None:
    """First soon, then every hour; a day and some minutes, so that who was down for a day gets it."""
    assert _waits()[:3] == [15, 30, 60]
    assert DAY <= sum(_waits()) < DAY + 3600 == DAY + max(_waits())


def test_an_event_lives_through_all_its_posts() -> None:
    """Though each ends at the function's timeout, or without a word."""
    longest = sum(max(times.NOTIFY_VISIBILITY_SECONDS, NOTIFY.timeout_seconds + wait) for wait in [*_waits(), 3600])
    assert longest < times.DELIVERY_RETENTION_DAYS * DAY < times.REDRIVE_RETENTION_DAYS * DAY


def test_notify_outlives_a_server_that_hangs() -> None:
    """A post to one that is silent takes ten seconds, and then its message still has to be put off: one call to AWS."""
    post = sum(receiver.TIMEOUT.as_dict()[part] or 0 for part in ("connect", "write", "read"))
    assert post == 10
    assert 2 * _aws_call() + post < NOTIFY.timeout_seconds  # before it, the signing secret is read
    assert 6 * NOTIFY.timeout_seconds <= times.NOTIFY_VISIBILITY_SECONDS


def test_a_look_at_an_attempt_outlives_one_that_hangs() -> None:
    """It asks, fetches, compares, and deletes the photo; or it asks, cancels, deletes, and begins the next attempt."""
    own = comfy_wire.TOTAL_SECONDS
    settled = own + output_fetcher.TOTAL_SECONDS + _comparison() + own
    assert (
        max(settled, 3 * own + comfy.START_SECONDS + replicate.TIMEOUT["read"])
        < times.POLL_SECONDS
        == FUNCTIONS["poll"].timeout_seconds
    )
    assert 6 * times.POLL_SECONDS <= times.POLL_VISIBILITY_SECONDS


def test_a_person_does_not_wait_long_to_hear_whether_there_is_room() -> None:
    """One that then hangs at every call leaves a request the time to begin elsewhere."""
    assert comfy.ROOM_SECONDS + comfy.START_SECONDS + replicate.TIMEOUT["read"] < times.API_FUNCTION_SECONDS


def test_a_photo_outlives_its_attempt_where_it_was_sent() -> None:
    """And no longer than an hour."""
    assert _default("prediction_timeout_seconds") + OVERDUE_MARGIN_SECONDS < comfy.PHOTO_SECONDS <= 3600


def test_an_eraser_has_ended_before_another_begins() -> None:
    """Two at once would do no harm, and nothing sooner."""
    assert times.ERASER_SECONDS == ERASER.timeout_seconds < erasure.LEASE_SECONDS
    assert 6 * ERASER.timeout_seconds <= times.ERASER_VISIBILITY_SECONDS


def test_nothing_can_come_after_the_last_look_at_who_has_left() -> None:
    """No URL takes a photo any more, and no function still writes that began before."""
    longest = max(spec.timeout_seconds for spec in FUNCTIONS.values())
    assert max(UPLOAD_URL_SECONDS, longest) < erasure.LOOK_AGAIN_SECONDS < erasure.TOMBSTONE_SECONDS


def test_who_has_left_is_remembered_as_long_as_the_receipt_says() -> None:
    assert FORMER_SECONDS == erasure.FORMER_DAYS * DAY
