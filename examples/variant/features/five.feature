Feature: Five minutes
  The suite's own times follow the profile; these scenarios say what is special.

  @FIVE-1
  Scenario: A change shortly before the end gives five minutes more
    Given Ada and Bob use version 7 or later
    And Ada has invited Bob
    When Ada lets almost five minutes pass
    And Ada changes the invitation to the permission profile "Support"
    And 598 seconds have passed since the invitation was sent
    And Bob accepts the invitation
    Then Bob gets into the device of Ada at once
    And the session has exactly the permissions "clipboard, input, view"

  @DIRECT-4 @tray
  Scenario: The menu of the tray starts an invitation as well
    Given Ada and Bob use version 7 or later
    Then Ada is offered the entry point "tray-menu"
    When Ada invites Bob through the entry point "tray-menu"
    Then the attempt succeeds
    And Bob sees the invitation from Ada
