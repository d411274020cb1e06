Feature: Invitations that are refused
  Some invitations cannot be sent. The inviter is told so, and nobody else notices.

  Rule: REFUSE-1 An address nobody has is refused

    @REFUSE-1
    Scenario Outline: Inviting an address nobody has is refused
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      When Ada invites "<address>"
      Then the attempt is refused
      And Ada lists no invitation
      And Bob sees no invitation
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

      Examples:
        | address   |
        | 999888777 |
        | nobody@ad |

  Rule: REFUSE-2 Something that is no address is refused

    @REFUSE-2
    Scenario Outline: Inviting something that is neither an ID nor an alias is refused
      Given Ada and Bob use version 7 or later
      When Ada invites Bob by <form>
      Then the attempt is refused
      And Ada lists no invitation
      And Bob sees no invitation
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

      Examples:
        | form                              |
        | the first eight digits of the ID  |
        | the ID with digits up to eleven   |
        | the alias without its namespace   |
        | the alias with a second namespace |

  Rule: REFUSE-3 Inviting oneself is refused

    @REFUSE-3
    Scenario Outline: Inviting one's own address is refused
      Given Ada and Bob use version 7 or later
      When Ada invites Ada <form>
      Then the attempt is refused
      And Ada sees no invitation
      And Ada lists no invitation
      When Ada invites Bob <form>
      Then the attempt succeeds
      And Bob sees the invitation from Ada

      Examples:
        | form     |
        | by ID    |
        | by alias |

  Rule: REFUSE-4 A recipient who is offline cannot be invited

    @REFUSE-4
    Scenario: Inviting someone who is offline is refused and leaves nothing behind
      Given Ada and Bob use version 7 or later
      And Bob is offline
      When Ada invites Bob by alias
      Then the attempt is refused
      And Ada lists no invitation
      When Bob comes back online
      Then Bob sees no invitation
      When Ada invites Bob by alias
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @REFUSE-4
    Scenario: Inviting someone who has just gone offline is refused
      Given Ada, Bob and Cid use version 7 or later
      And Bob is in Ada's Favorites
      And Bob has gone offline
      When Ada invites Bob from the tile in Favorites
      Then the attempt is refused
      And Ada lists no invitation
      When Ada invites Cid
      Then the attempt succeeds
      And Cid sees the invitation from Ada

  Rule: REFUSE-5 A permission profile the inviter does not have is refused

    @REFUSE-5
    Scenario: Inviting with a profile that does not exist is refused
      Given Ada and Bob use version 7 or later
      When Ada invites Bob with the permission profile "Gardening"
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @REFUSE-5
    Scenario: Inviting with a profile that only the recipient has is refused
      Given Ada and Bob use version 7 or later
      And Bob has the permission profiles
        | name      | permissions | enabled |
        | Default   | view        | yes     |
        | Gardening | view, input | yes     |
      When Ada invites Bob by alias with the permission profile "Gardening"
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Ada invites Bob by alias
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @REFUSE-5
    Scenario: Changing an invitation to a profile that does not exist is refused
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Ada changes the invitation to the permission profile "Gardening"
      Then the attempt is refused
      And the invitation to Bob has the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"

  Rule: REFUSE-6 A disabled permission profile is refused

    @REFUSE-6
    Scenario Outline: Inviting with a disabled profile is refused
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's Discovery
      And Ada has the permission profiles
        | name     | permissions | enabled |
        | Default  | view        | yes     |
        | Helpdesk | view, input | no      |
      And Bob has the permission profiles
        | name     | permissions | enabled |
        | Default  | view        | yes     |
        | Helpdesk | view, input | yes     |
      When Ada invites Bob <way> with the permission profile "Helpdesk"
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Ada invites Bob <way>
      Then the attempt succeeds
      And Bob sees the invitation from Ada

      Examples:
        | way                        |
        | by ID                      |
        | from the tile in Discovery |

    @REFUSE-6
    Scenario: Changing an invitation to a disabled profile is refused
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name     | permissions | enabled |
        | Default  | view        | yes     |
        | Helpdesk | view, input | no      |
      And Ada has invited Bob
      When Ada changes the invitation to the permission profile "Helpdesk"
      Then the attempt is refused
      And the invitation to Bob has the permission profile "Default"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"
