Feature: Notifying the recipient
  The recipient learns of an invitation in the client and from a pop-up in the
  bottom-right corner, sees who sends it, and can answer it there.

  Rule: NOTIFY-1 The recipient sees the invitation in the client

    @NOTIFY-1
    Scenario Outline: An invitation shows up in the recipient's client
      Given Ada and <recipient> use version 7 or later
      When Ada invites <recipient> <form>
      Then <recipient> sees the invitation from Ada in the client

      Examples:
        | recipient | form     |
        | Bob       | by ID    |
        | Dora      | by alias |

    @NOTIFY-1
    Scenario: The next invitation, from a tile, shows up in a portable client
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Ada has invited Bob
      And Bob has rejected the invitation
      When Ada invites Bob from the tile in Favorites
      Then Bob sees the invitation from Ada in the client

    @NOTIFY-1
    Scenario: An invitation stays in the recipient's client while it is pending
      Given Ada and Bob use version 7 or later
      When Ada invites Bob
      And 119 seconds have passed since the invitation was sent
      Then Bob sees the invitation from Ada in the client

  Rule: NOTIFY-2 The recipient sees a pop-up in the bottom-right corner

    @NOTIFY-2
    Scenario Outline: An invitation pops up in the bottom-right corner
      Given Ada and <recipient> use version 7 or later
      When Ada invites <recipient> <form>
      Then <recipient> sees the invitation from Ada as a pop-up in the bottom-right corner

      Examples:
        | recipient | form     |
        | Bob       | by ID    |
        | Dora      | by alias |

    @NOTIFY-2
    Scenario: The next invitation, from a tile, pops up between portable clients
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Recent Sessions
      And Ada has invited Bob
      And Bob has rejected the invitation
      When Ada invites Bob from the tile in Recent Sessions
      Then Bob sees the invitation from Ada as a pop-up in the bottom-right corner

  Rule: NOTIFY-3 The notification shows the inviter's ID

    @NOTIFY-3
    Scenario: The notification tells the inviter's ID
      Given Ada and Bob use version 7 or later
      When Ada invites Bob
      Then the notification shows Bob the ID of Ada

    @NOTIFY-3
    Scenario: The notification tells the ID of the new inviter, not of an earlier one
      Given Bob, Cid and Dora use version 7 or later
      And Cid has invited Bob
      And Bob has rejected the invitation
      When Dora invites Bob by alias
      Then the notification shows Bob the ID of Dora

    @NOTIFY-3
    Scenario: The notification tells a portable inviter's ID, also after a change
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob is in Ada's Recent Sessions
      When Ada invites Bob from the tile in Recent Sessions
      Then the notification shows Bob the ID of Ada
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then the notification shows Bob the ID of Ada

  Rule: NOTIFY-4 The notification shows the inviter's alias

    @NOTIFY-4
    Scenario: The notification tells the inviter's alias
      Given Ada and Bob use version 7 or later
      When Ada invites Bob
      Then the notification shows Bob the alias of Ada

    @NOTIFY-4
    Scenario: The notification tells the alias of the new inviter, not of an earlier one
      Given Bob, Cid and Dora use version 7 or later
      And Cid has invited Bob
      And Bob has rejected the invitation
      When Dora invites Bob by alias
      Then the notification shows Bob the alias of Dora

    @NOTIFY-4
    Scenario: The notification tells a portable recipient the alias, also after a change
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Discovery
      When Ada invites Bob from the tile in Discovery
      Then the notification shows Bob the alias of Ada
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then the notification shows Bob the alias of Ada

    @NOTIFY-4
    Scenario: The notification tells the alias of an inviter who was invited before
      Given Ada and Bob use version 7 or later
      And Bob has invited Ada
      And Ada has rejected the invitation
      When Ada invites Bob
      Then the notification shows Bob the alias of Ada

  Rule: NOTIFY-5 The notification offers to accept and to reject

    @NOTIFY-5
    Scenario: The recipient is offered both answers
      Given Ada and Bob use version 7 or later
      When Ada invites Bob
      Then the notification lets Bob accept and reject

    @NOTIFY-5
    Scenario: Portable clients are offered both answers, also after a change
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Address Book
      When Ada invites Bob from the tile in Address Book
      Then the notification lets Bob accept and reject
      When Ada changes the invitation to the permission profile "Full Access"
      Then the notification lets Bob accept and reject

  Rule: NOTIFY-6 Nobody but the addressee is notified

    @NOTIFY-6
    Scenario: Only the addressee hears of an invitation
      Given Ada, Bob and Cid use version 7 or later
      And Dora uses version 7 or later
      When Ada invites Cid
      Then Cid sees the invitation from Ada
      But Bob sees no invitation
      And Dora sees no invitation
      And Ada sees no invitation

    @NOTIFY-6
    Scenario: Portable clients are not mistaken for each other
      Given Ada, Bob and Cid use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Cid has a portable client
      And Bob is in Ada's Favorites
      And Cid is in Ada's Favorites
      When Ada invites Bob from the tile in Favorites
      Then Bob sees the invitation from Ada
      But Cid sees no invitation
      And Ada sees no invitation

    @NOTIFY-6
    Scenario: An earlier recipient hears neither of the next invitation nor of its change
      Given Ada, Cid and Dora use version 7 or later
      And Ada has invited Cid
      And Cid has rejected the invitation
      When Ada invites Dora by alias
      Then Dora sees the invitation from Ada
      But Cid sees no invitation
      When Ada changes the invitation to Dora to the permission profile "Screen Sharing"
      Then Dora sees the invitation from Ada
      But Cid sees no invitation
      And Ada sees no invitation

    @NOTIFY-6
    Scenario: An earlier inviter hears nothing of the invitation of another
      Given Ada, Bob and Cid use version 7 or later
      And Cid has invited Bob
      And Bob has rejected the invitation
      When Ada invites Bob
      Then Bob sees the invitation from Ada
      But Cid sees no invitation
      And Ada sees no invitation

  Rule: NOTIFY-7 For an inviter without an alias the ID stands alone

    @NOTIFY-7
    Scenario: No alias is made up for a portable inviter
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      When Ada invites Bob by alias
      Then the notification shows Bob the ID of Ada
      And the notification shows Bob no alias

    @NOTIFY-7
    Scenario: A portable inviter is not shown with the alias of an earlier inviter
      Given Ada, Bob and Cid use version 7 or later
      And Ada has a portable client
      And Cid has invited Bob
      And Bob has rejected the invitation
      When Ada invites Bob
      Then the notification shows Bob the ID of Ada
      And the notification shows Bob no alias

  Rule: NOTIFY-8 A changed invitation is shown once

    @NOTIFY-8
    Scenario Outline: After a change there is still one notification on each surface
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then Bob sees exactly one invitation from Ada <place>
      When Ada changes the invitation to the permission profile "Full Access"
      Then Bob sees exactly one invitation from Ada <place>

      Examples:
        | form     | place         |
        | by ID    | in the client |
        | by alias | as a pop-up   |

    @NOTIFY-8
    Scenario: An invitation that was changed four times is shown once, and stays so
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada changes the invitation to the permission profile "Screen Sharing"
      And Ada changes the invitation to the permission profile "Full Access"
      And Ada changes the invitation to the permission profile "Unattended Access"
      And Ada changes the invitation to the permission profile "Default"
      Then Bob sees exactly one invitation from Ada in the client
      And Bob sees exactly one invitation from Ada as a pop-up
      When 60 seconds have passed since the invitation was sent
      Then Bob sees exactly one invitation from Ada in the client
      And Bob sees exactly one invitation from Ada as a pop-up
