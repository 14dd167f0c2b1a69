"""People are looked up; by what they are reached follows from all steps that can reach them."""

FIRST_STEP = "escalations: {urgent: {name: Urgent, steps: [{after: 0m, notify: [primary], by: [%s]}]}}"


def test_users_are_looked_up_and_never_made(made):
    found = made()
    assert found.kind("User") == {}
    user = found.inputs["team.platform.ann"]["userId"]
    assert (user.lookup, user.args) == ("pagerduty:index/getUser:getUser", {"email": "ann@shop.example"})


def test_managed_people_are_resources(made):
    found = made("system: {manage_people: true}")
    assert set(found.kind("User")) == {"user.ann", "user.bob"}
    assert found.inputs["team.platform.ann"]["userId"].ref == "pagerduty/user.ann"


def test_means_become_contact_methods_and_rules_by_urgency(made):
    found = made()
    assert set(found.kind("UserContactMethod")) == {"person.ann.sms", "person.ann.phone", "person.bob.phone"}
    rules = found.kind("UserNotificationRule")
    assert set(rules) == {
        "person.ann.high.sms",
        "person.ann.high.phone",
        "person.ann.low.email",
        "person.bob.high.phone",
    }
    assert rules["person.ann.high.sms"]["contactMethod"]["id"].ref == "pagerduty/person.ann.sms"
    assert {rule["startDelayInMinutes"] for rule in rules.values()} == {0}


def test_a_phone_number_stays_a_secret(made):
    found = made()
    assert found.inputs["person.ann.sms"]["address"].secret == "ann-phone"
    assert "•••" not in found.output.renderings["README.md"]


def test_the_login_address_is_not_made_a_second_time(made):
    contact = made().inputs["person.ann.low.email"]["contactMethod"]["id"]
    assert contact.lookup == "pagerduty:index/getUserContactMethod:getUserContactMethod"
    assert contact.args["label"] == "Default"


def test_a_step_that_gets_more_means_than_it_says_is_reported_at_its_place(made):
    found = made(FIRST_STEP % "phone")
    assert any(
        "at high urgency primary will get SMS, phone, not only phone" in message
        for message in found.said("targets/approximated")
    )
    assert not any("means by urgency" in message for message in made().said("targets/approximated"))


def test_push_is_left_to_people(made):
    found = made(FIRST_STEP % "push")
    assert any("the mobile app registers itself" in message for message in found.said("targets/unsupported"))
    assert not any(name.endswith(".push") for name in found.inputs)


def test_without_the_ability_there_are_no_low_rules(made):
    found = made(features="")
    assert not any(".low." in name for name in found.inputs)
    assert any("one urgency" in message for message in found.said("targets/unsupported"))


def test_only_one_environment_owns_what_belongs_to_people(made):
    found = made("system: {environments: {staging: {}}}", environment="staging")
    assert not found.kind("UserContactMethod") and not found.kind("UserNotificationRule")
    assert found.inputs["team.platform"]["name"] == "Platform (staging)"
