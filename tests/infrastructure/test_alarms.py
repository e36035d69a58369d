"""Who is told when something goes wrong, and of what: every metric that an alarm reads is written by somebody."""

import inspect
import logging

import pytest

from chalicelib.handlers.family import sign_in
from chalicelib.handlers.http.json_logs import JsonLines
from chalicelib.handlers.tasks import mailing, payments
from chalicelib.handlers.webhooks import paybox_notice
from chalicelib.services.authentication import town_failures
from chalicelib.services.mailing.schedule import Backlog
from infrastructure.template import CHALICE
from tests.infrastructure.test_deployed_template import STAGES, resources
from tests.support.log_patterns import takes
from tests.support.packaging import packaged

RINGS = {
    "errors": ("Errors", "Sum", ">=", 1, 300, 1, "notBreaching"),
    "throttles": ("Throttles", "Sum", ">=", 1, 300, 1, "notBreaching"),
    "server-errors": ("5XXError", "Sum", ">=", 5, 300, 1, "notBreaching"),
    "notices-refused": ("NoticesRefused", "Sum", ">=", 1, 300, 1, "notBreaching"),
    "payments-unexplained": ("PaymentsUnexplained", "Maximum", ">=", 1, 900, 1, "ignore"),
    "payments-not-looked-after": ("PaymentsUnexplained", "SampleCount", "<", 1, 1800, 2, "breaching"),
    "reconciliation-late": ("ReconciliationDaysLate", "Maximum", ">=", 1, 3600, 1, "ignore"),
    "mailing-failed": ("ExecutionsFailed", "Sum", ">=", 1, 300, 1, "notBreaching"),
    "runs-unclosed": ("RunsUnclosed", "Maximum", ">=", 1, 3600, 6, "ignore"),
    "invoices-undelivered": ("UndeliveredHours", "Maximum", ">", 24, 3600, 1, "ignore"),
    "tick-missing": ("UndeliveredHours", "SampleCount", "<", 1, 3600, 3, "breaching"),
    "mails-bounced": ("Reputation.BounceRate", "Average", ">=", 0.05, 3600, 1, "ignore"),
    "search-late": ("IteratorAge", "Maximum", ">", 300_000, 300, 1, "notBreaching"),
    "sign-ins-failed": ("SignInsFailed", "Sum", ">=", 40, 60, 1, "notBreaching"),
    "identifiers-unknown": ("IdentifiersUnknown", "Sum", ">=", 20, 60, 1, "notBreaching"),
    "accounts-locked": ("AccountsLocked", "Sum", ">=", 5, 60, 1, "notBreaching"),
    "sources-paused": ("SourcesPaused", "Sum", ">=", 1, 60, 1, "notBreaching"),
    "town-under-attack": ("TownUnderAttack", "Sum", ">=", 1, 300, 1, "notBreaching"),
    "mails-complained": ("Reputation.ComplaintRate", "Average", ">=", 0.001, 3600, 1, "ignore"),
}
"""When each alarm rings: its metric, how it is added up, the threshold, seconds, how many times, what silence means."""

SIGNS = {"GreaterThanOrEqualToThreshold": ">=", "GreaterThanThreshold": ">", "LessThanThreshold": "<"}


def line(level, event, **extra):
    """A line of the log, as our own formatter writes it."""
    record = logging.makeLogRecord({"levelno": level, "levelname": logging.getLevelName(level), "msg": event} | extra)
    return JsonLines().format(record)


def alarms(stage="prod"):
    return resources(stage, "AWS::CloudWatch::Alarm")


def filters():
    return resources(kind="AWS::Logs::MetricFilter")


@pytest.mark.parametrize("stage", STAGES)
def test_every_alarm_rings_and_falls_silent_at_one_topic_and_says_what_it_means(stage):
    topic = [{"Ref": "AlarmsTopic"}]
    expected = len(RINGS) + len(resources(stage, "AWS::SQS::Queue"))
    assert len(alarms(stage)) == expected, ".chalice/resources/alarms.json, or RINGS here"
    for alarm in alarms(stage).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == topic
        assert alarm["AlarmName"].startswith(f"portail-famille-{stage}-")
        assert len(alarm["AlarmDescription"]) > 40
        assert alarm["TreatMissingData"] in ("breaching", "notBreaching", "ignore")


def test_every_metric_of_ours_that_an_alarm_reads_is_written_by_a_filter():
    read = {one["MetricName"] for one in alarms().values() if one["Namespace"] == "portail-famille-prod"}
    written = {change["MetricName"] for one in filters().values() for change in one["MetricTransformations"]}
    assert read == written
    spaces = {change["MetricNamespace"] for one in filters().values() for change in one["MetricTransformations"]}
    assert spaces == {"portail-famille-prod"}


def test_a_filter_waits_for_an_event_and_a_figure_that_the_code_logs():
    events = ((payments, "payments_looked_after"), (payments, "reconciliation_checked"), (mailing, "tick"))
    sign_ins = ((sign_in, "sign_in"), (town_failures, "town_under_attack"))
    for module, name in ((paybox_notice, "notice_refused"), *events, *sign_ins):
        assert f'"{name}", extra=' in inspect.getsource(module)
        assert any(f'$.event = "{name}"' in one["FilterPattern"] for one in filters().values())
    assert '"unexplained": len(' in inspect.getsource(payments.look_after)
    assert '"days_late": days' in inspect.getsource(payments)
    assert "backlog(runs=stores.runs, clock=portal.clock)._asdict()" in inspect.getsource(mailing.tick)
    read = {change["MetricValue"] for one in filters().values() for change in one["MetricTransformations"]}
    assert read == {"1", "$.unexplained", "$.days_late", *(f"$.{name}" for name in Backlog._fields)}


def test_each_alarm_rings_when_it_must():
    found = {
        alarm["AlarmName"].removeprefix("portail-famille-prod-"): (
            alarm["MetricName"], alarm["Statistic"], SIGNS[alarm["ComparisonOperator"]], alarm["Threshold"],
            alarm["Period"], alarm["EvaluationPeriods"], alarm["TreatMissingData"],
        )
        for alarm in alarms().values()
    }  # fmt: skip
    assert {name: rings for name, rings in found.items() if not name.startswith("dead-")} == RINGS


@pytest.mark.parametrize(
    ("said", "metrics"),
    [
        (line(logging.ERROR, "payment_alarm", alarm="OVERPAID"), {"Errors"}),
        (line(logging.CRITICAL, "anything"), {"Errors"}),
        (line(logging.WARNING, "unavailable"), set()),
        (line(logging.INFO, "sign_in", outcome="ERROR"), set()),
        (line(logging.INFO, "sign_in", outcome="proved", failed_on=""), set()),
        (line(logging.INFO, "sign_in", outcome="WrongCredentials", failed_on="known"), {"SignInsFailed"}),
        (
            line(logging.INFO, "sign_in", outcome="AccountLocked", failed_on="unknown"),
            {"SignInsFailed", "IdentifiersUnknown", "AccountsLocked"},
        ),
        (line(logging.INFO, "sign_in", outcome="AccountLocked", failed_on=""), set()),
        (line(logging.INFO, "sign_in", outcome="SourcePaused", failed_on=""), {"SourcesPaused"}),
        (line(logging.WARNING, "town_under_attack", failures=200), {"TownUnderAttack"}),
        (line(logging.ERROR, "notice_refused", digest="12"), {"NoticesRefused"}),
        (line(logging.WARNING, "notice_refused", digest="12"), {"NoticesRefused"}),
        (line(logging.ERROR, "payments_looked_after", unexplained=2), {"PaymentsUnexplained"}),
        (line(logging.INFO, "payments_looked_after", unexplained=0), {"PaymentsUnexplained"}),
        (line(logging.ERROR, "reconciliation_checked", days_late=12), {"ReconciliationDaysLate"}),
        (line(logging.INFO, "reconciliation_checked", days_late=0), {"ReconciliationDaysLate"}),
        (line(logging.INFO, "tick", **Backlog(1, 25)._asdict()), {"RunsUnclosed", "UndeliveredHours"}),
        ("[ERROR] Runtime.ImportModuleError: Unable to import module 'app'", {"Errors"}),
        ("2026-11-28T09:00:00.000Z 8f5 Task timed out after 28.03 seconds", {"Errors"}),
        ("RequestId: 8f5 Error: Runtime exited with error: signal: killed Runtime.ExitError", {"Errors"}),
        ("START RequestId: 8f5 Version: $LATEST", set()),
    ],
)
def test_a_line_of_the_log_moves_the_metrics_that_it_should(said, metrics):
    """Each filter is tried on the line as if its function had written it."""
    moved = {
        change["MetricName"]
        for one in filters().values()
        if takes(one["FilterPattern"], said)
        for change in one["MetricTransformations"]
    }
    assert moved == metrics


def test_a_figure_of_a_metric_is_a_number_of_the_line_and_silence_is_no_figure():
    """A default value would be published while nothing is said, and a clock that stopped would go unheard."""
    for one in filters().values():
        for change in one["MetricTransformations"]:
            assert "DefaultValue" not in change
    assert set(Backlog._fields) == {"unclosed", "undelivered_hours"}


def test_what_the_provider_says_of_mails_reaches_the_function_that_reads_it():
    topic = resources(kind="AWS::SNS::Topic")["MailEventsTopic"]
    (subscribed,) = topic["Subscription"]
    assert subscribed["Protocol"] == "lambda"
    assert subscribed["Endpoint"]["Fn::Sub"].endswith(":function:portail-famille-prod-mail_feedback")
    permission = resources(kind="AWS::Lambda::Permission")["MailEventsMayCallUs"]
    assert (permission["Principal"], permission["SourceArn"]) == ("sns.amazonaws.com", {"Ref": "MailEventsTopic"})
    told = resources(kind="AWS::SES::ConfigurationSetEventDestination")["MailsEvents"]["EventDestination"]
    assert (told["Enabled"], told["SnsDestination"]) == (True, {"TopicARN": {"Ref": "MailEventsTopic"}})
    assert {"delivery", "bounce", "complaint", "reject"} <= set(told["MatchingEventTypes"])


def test_every_log_is_searched_for_errors_in_our_words_and_in_lambda_s():
    searched = [
        one["LogGroupName"]["Ref"]
        for one in filters().values()
        if one["MetricTransformations"][0]["MetricName"] == "Errors"
    ]
    groups = resources(kind="AWS::Logs::LogGroup").keys() - {"MailingMachineLogs"}
    assert sorted(searched) == sorted([*groups, *groups])


def test_each_queue_of_dead_letters_has_its_alarm():
    watched = [
        one["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for one in alarms().values() if one["Namespace"] == "AWS/SQS"
    ]
    differing = set(watched) ^ resources(kind="AWS::SQS::Queue").keys()
    assert differing == set(), f".chalice/resources/alarms.json, the list of dead letters: {differing}"
    assert len(watched) == len(set(watched))


def test_a_clock_that_stops_is_heard():
    for name, seconds in (("TickMissingAlarm", 3 * 3600), ("PaymentsNotLookedAfterAlarm", 3600)):
        alarm = alarms()[name]
        assert (alarm["Statistic"], alarm["ComparisonOperator"]) == ("SampleCount", "LessThanThreshold")
        assert (alarm["Threshold"], alarm["TreatMissingData"]) == (1, "breaching")
        assert alarm["Period"] * alarm["EvaluationPeriods"] == seconds


def test_alarms_and_the_budget_reach_the_address_that_is_given():
    template = packaged("prod")
    subscription = template["Resources"]["AlarmsByEmail"]
    assert subscription["Condition"] == "WithAlarmsEmail"
    assert subscription["Properties"]["Endpoint"] == {"Ref": "AlarmsEmail"}
    (publishing,) = template["Resources"]["AlarmsTopicPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert publishing["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
    budget = template["Resources"]["MonthlyCost"]["Properties"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "MonthlyBudget"}, "Unit": "USD"}
    told = [one["Subscribers"][0]["Address"] for one in budget["NotificationsWithSubscribers"]]
    assert told == [{"Ref": "AlarmsTopic"}] * 2


def test_every_alarm_is_explained_to_those_who_run_the_portal():
    told = (CHALICE.parent / "docs" / "exploitation.md").read_text("utf-8")
    names = {alarm["AlarmName"].removeprefix("portail-famille-prod-") for alarm in alarms().values()}
    assert {name for name in names if f"| `{name}` |" not in told and not name.startswith("dead-")} == set()
    assert "| `dead-…`" in told
