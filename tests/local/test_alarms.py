"""Who is told when something goes wrong, and of what: every metric that an alarm reads is written by somebody."""

import inspect

import pytest

from chalicelib.handlers import mailings, notices, payment_tasks
from chalicelib.services.mailing.tick import Backlog
from local.template import CHALICE
from tests.local.test_deployed_template import STAGES, resources
from tests.packaging import packaged


def alarms(stage="prod"):
    return resources(stage, "AWS::CloudWatch::Alarm")


def filters():
    return resources(kind="AWS::Logs::MetricFilter")


@pytest.mark.parametrize("stage", STAGES)
def test_every_alarm_rings_and_falls_silent_at_one_topic_and_says_what_it_means(stage):
    topic = [{"Ref": "AlarmsTopic"}]
    assert len(alarms(stage)) == 21
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
    for module, name in ((notices, "notice_refused"), (payment_tasks, "payments_looked_after"), (mailings, "tick")):
        assert f'"{name}", extra=' in inspect.getsource(module)
        assert any(f'$.event = "{name}"' in one["FilterPattern"] for one in filters().values())
    assert '"unexplained": len(' in inspect.getsource(payment_tasks.look_after)
    assert "backlog(shelves)._asdict()" in inspect.getsource(mailings.tick)
    read = {change["MetricValue"] for one in filters().values() for change in one["MetricTransformations"]}
    assert read == {"1", "$.unexplained", *(f"$.{name}" for name in Backlog._fields)}


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
    assert sorted(watched) == sorted(resources(kind="AWS::SQS::Queue"))


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
