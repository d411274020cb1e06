Feature: Platforms
  Invitations are sent from Windows. Clients on other systems have no way to start one;
  that they can receive one is our reading.

  Rule: PLATFORM-1 Off Windows there is no way to start an invitation

    @PLATFORM-1
    Scenario Outline: A client off Windows is offered no way to invite
      Given Ada uses version <version> on <platform>
      And Bob and Cid use version <version>
      And Bob is in Ada's Favorites
      And Bob is in Ada's Recent Sessions
      And Bob is in Ada's Discovery
      And Bob is in Ada's Address Book
      Then Ada is offered no entry point
      But Cid is offered the email option in the context menu of the own ID

      Examples:
        | platform | version |
        | macOS    | 7.1.4   |
        | Linux    | 10.0.0  |
        | Android  | 7.1.4   |
        | iOS      | 7.1.4   |
        | macOS    | 6.9.9   |
        | Linux    | 6.9.9   |
        | Android  | 6.9.9   |
        | iOS      | 6.9.9   |

  Rule: PLATFORM-2 A recipient may be on any platform

    @PLATFORM-2
    Scenario Outline: Someone off Windows can be invited and can connect
      Given Ada uses version 7.1.4
      And Bob uses version <version> on <platform>
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then Bob controls the device of Ada

      Examples:
        | platform | version |
        | macOS    | 7.0.0   |
        | Linux    | 7.1.4   |
        | Android  | 10.0.0  |
        | iOS      | 7.1.4   |
