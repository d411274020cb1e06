Feature: Platforms
  Direct invitations are sent from Windows; a phone or tablet cannot write an email either.
  That other systems can receive one, and that their desktops write no email, is our reading.

  Rule: PLATFORM-1 Off Windows there is no way to start a direct invitation

    @PLATFORM-1
    Scenario Outline: A desktop client off Windows is offered no direct invitation
      Given Ada uses version <version> on <platform>
      And Bob and Cid use version <version>
      And Bob is in Ada's Favorites
      And Bob is in Ada's Recent Sessions
      And Bob is in Ada's Discovery
      And Bob is in Ada's Address Book
      Then Ada is not offered the invitation icon
      And Ada is offered no Invite on any tile
      But Cid is offered the email option in the context menu of the own ID

      Examples:
        | platform | version |
        | macOS    | 7.1.4   |
        | Linux    | 10.0.0  |
        | macOS    | 6.9.9   |
        | Linux    | 6.9.9   |

    @PLATFORM-1
    Scenario Outline: A phone or tablet is offered no way to invite
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
        | Android  | 7.1.4   |
        | iOS      | 7.1.4   |
        | Android  | 6.9.9   |
        | iOS      | 6.9.9   |

  Rule: PLATFORM-2 A recipient may be on any platform

    @PLATFORM-2
    Scenario Outline: Someone off Windows can be invited and can connect
      Given Ada uses version 7 or later
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

  Rule: PLATFORM-3 A desktop client off Windows offers no email

    @PLATFORM-3
    Scenario Outline: A desktop client off Windows is offered no email
      Given Ada uses version <version> on <platform>
      And Bob uses version <version>
      Then Ada is not offered the Invitation Email link
      And Ada is not offered the email option in the context menu of the own ID
      But Bob is offered the email option in the context menu of the own ID

      Examples:
        | platform | version |
        | macOS    | 7.1.4   |
        | Linux    | 10.0.0  |
        | macOS    | 6.9.9   |
        | Linux    | 6.10.0  |
