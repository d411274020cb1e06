Feature: Inviting someone directly
  From version 7 on a client can invite another client: the invitation icon, an address,
  a permission profile. Older clients take no part in it.

  Rule: DIRECT-1 A client of version 7 or later can invite another one

    @DIRECT-1
    Scenario Outline: Clients of version 7 or later can invite each other
      Given Ada uses version <inviter>
      And Bob uses version <recipient>
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending

      Examples:
        | inviter | recipient |
        | 7.0.0   | 10.0.0    |
        | 10.0.0  | 7.0.0     |

    @DIRECT-1
    Scenario Outline: A new invitation may follow once the earlier one has ended
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And <ending>
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees exactly one invitation from Ada in the client
      And Ada sees the invitation to Bob as pending

      Examples:
        | ending                                                |
        | Bob has rejected the invitation                       |
        | Ada has cancelled the invitation                      |
        | 121 seconds have passed since the invitation was sent |

    @DIRECT-1
    Scenario Outline: An inviter whose invitation came to nothing can be invited in turn
      Given Ada and Bob use version 7 or later
      And Bob has invited Ada
      And <ending>
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending

      Examples:
        | ending                                                |
        | Bob has cancelled the invitation                      |
        | 125 seconds have passed since the invitation was sent |

    @DIRECT-1
    Scenario: A third invitation may follow two that came to nothing
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob
      And Ada has cancelled the invitation
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees exactly one invitation from Ada in the client
      And Ada sees the invitation to Bob as pending

  Rule: DIRECT-2 A client older than version 7 is offered no direct invitation

    @DIRECT-2
    Scenario: An older client shows no invitation icon
      Given Ada uses a version before 7
      And Bob uses version 7.0.0
      Then Ada is not offered the invitation icon
      But Bob is offered the invitation icon

    @DIRECT-2
    Scenario: A portable older client shows no invitation icon
      Given Ada uses a version before 7
      And Ada has a portable client
      And Bob uses version 7 or later
      And Bob has a portable client
      Then Ada is not offered the invitation icon
      But Bob is offered the invitation icon

    @DIRECT-2
    Scenario: An older client shows no Invite on any tile
      Given Ada uses a version before 7
      And Bob and Cid use version 7 or later
      And Bob is in Ada's Favorites
      And Bob is in Ada's Recent Sessions
      And Bob is in Ada's Discovery
      And Bob is in Ada's Address Book
      And Bob is in Cid's Favorites
      Then Ada is offered no Invite on any tile
      But Cid is offered Invite on the tile of Bob in Favorites

  Rule: DIRECT-3 A direct invitation to a client older than version 7 starts nothing

    @DIRECT-3
    Scenario Outline: An older client sees nothing of a direct invitation
      Given Ada, Cid and Dora use version 7 or later
      And Bob uses version <version>
      When Ada invites Bob <form>
      Then Bob sees no invitation
      And no session has started
      When Dora invites Cid <form>
      Then the attempt succeeds
      And Cid sees the invitation from Dora
      When 10 seconds have passed since Dora invited Cid
      Then Bob sees no invitation
      And no session has started

      Examples:
        | version | form     |
        | 6.9.9   | by ID    |
        | 6.10.0  | by alias |

    @DIRECT-3
    Scenario Outline: A tile does not get an invitation through to an older client
      Given Ada, Cid and Dora use version 7 or later
      And Bob uses a version before 7
      And Bob has a portable client
      And Bob is in Ada's <list>
      And Cid is in Dora's <list>
      When Ada invites Bob from the tile in <list>
      Then Bob sees no invitation
      And no session has started
      When Dora invites Cid from the tile in <list>
      Then Cid sees the invitation from Dora

      Examples:
        | list            |
        | Favorites       |
        | Recent Sessions |
        | Discovery       |
        | Address Book    |

  Rule: DIRECT-4 The invitation icon next to the own ID starts an invitation

    @DIRECT-4
    Scenario: The invitation icon sends an invitation
      Given Ada and Bob use version 7.0.0
      Then Ada is offered the invitation icon
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @DIRECT-4
    Scenario: A portable client has the invitation icon too
      Given Ada and Bob use version 10.0.0
      And Ada has a portable client
      Then Ada is offered the invitation icon
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @DIRECT-4
    Scenario: The invitation icon is there again after an earlier invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      Then Ada is offered the invitation icon
      When Ada invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Ada

  Rule: DIRECT-5 The recipient can be named by ID

    @DIRECT-5
    Scenario: An ID names the recipient
      Given Ada and Bob use version 7 or later
      When Ada invites Bob by ID
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @DIRECT-5
    Scenario: An ID names a recipient who has no alias
      Given Ada and Dora use version 7 or later
      And Dora has a portable client
      When Ada invites Dora by ID
      Then the attempt succeeds
      And Dora sees the invitation from Ada

  Rule: DIRECT-6 The recipient can be named by alias

    @DIRECT-6
    Scenario: An alias names the recipient
      Given Ada and Bob use version 7 or later
      When Ada invites Bob by alias
      Then the attempt succeeds
      And Bob sees the invitation from Ada

    @DIRECT-6
    Scenario: An inviter without an alias can name the recipient by alias
      Given Ada and Dora use version 7 or later
      And Ada has a portable client
      When Ada invites Dora by alias
      Then the attempt succeeds
      And Dora sees the invitation from Ada

    @DIRECT-6
    Scenario: Another alias names another recipient
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob by alias
      And Bob has rejected the invitation
      When Ada invites Cid by alias
      Then the attempt succeeds
      And Cid sees the invitation from Ada

  Rule: DIRECT-7 The inviter chooses the permission profile

    @DIRECT-7
    Scenario Outline: The invitation carries the chosen permission profile
      Given Ada and Bob use version 7 or later
      When Ada invites Bob <form> with the permission profile "<profile>"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "<profile>"

      Examples:
        | form     | profile        |
        | by ID    | Screen Sharing |
        | by alias | Full Access    |

    @DIRECT-7
    Scenario Outline: The permission profile can be chosen for an invitation from a tile
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's <list>
      When Ada invites Bob from the tile in <list> with the permission profile "Screen Sharing"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Screen Sharing"

      Examples:
        | list            |
        | Favorites       |
        | Recent Sessions |
        | Discovery       |
        | Address Book    |

    @DIRECT-7
    Scenario: A profile of the inviter's own making can be chosen for a later invitation
      Given Ada and Bob use version 7 or later
      And Ada has the permission profiles
        | name     | permissions        | enabled |
        | Default  | view, input        | yes     |
        | Helpdesk | view, audio, files | yes     |
      And Ada has invited Bob
      And Bob has rejected the invitation
      When Ada invites Bob with the permission profile "Helpdesk"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Helpdesk"

    @DIRECT-7
    Scenario: The third invitation carries the profile that was chosen for it
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Bob has rejected the invitation
      And Ada has invited Bob with the permission profile "Full Access"
      And Ada has cancelled the invitation
      When Ada invites Bob with the permission profile "Default"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Default"

  Rule: DIRECT-8 Addresses are understood in groups of three and in any letter case

    @DIRECT-8
    Scenario Outline: An address is understood as people write it
      Given Ada and <recipient> use version 7 or later
      When Ada invites <recipient> by <address>
      Then the attempt succeeds
      And <recipient> sees the invitation from Ada

      Examples:
        | address                            | recipient |
        | the ID in groups of three          | Dora      |
        | the alias in the other letter case | Bob       |

  Rule: DIRECT-9 What is not offered cannot be used

    @DIRECT-9
    Scenario Outline: A client that may not invite is refused
      Given Ada uses version <version> on <platform>
      And Bob and Cid use version 7 or later
      When Ada invites Bob <form>
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Cid invites Bob <form>
      Then the attempt succeeds
      And Bob sees exactly one invitation from Cid in the client

      Examples:
        | version | platform | form     |
        | 7.1.4   | macOS    | by ID    |
        | 6.10.0  | Windows  | by alias |

    @DIRECT-9
    Scenario: A client that may not invite is refused on a tile too
      Given Ada uses version 7 or later on Linux
      And Bob and Cid use version 7 or later
      And Bob is in Ada's Favorites
      And Bob is in Cid's Favorites
      When Ada invites Bob from the tile in Favorites
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Cid invites Bob from the tile in Favorites
      Then the attempt succeeds
      And Bob sees exactly one invitation from Cid in the client

    @DIRECT-9
    Scenario Outline: There is no inviting from a list that does not have the contact
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's <other>
      When Ada invites Bob from the tile in <list>
      Then the attempt is refused
      And Bob sees no invitation
      And Ada lists no invitation
      When Ada invites Bob from the tile in <other>
      Then the attempt succeeds
      And Bob sees the invitation from Ada

      Examples:
        | list            | other           |
        | Favorites       | Recent Sessions |
        | Discovery       | Address Book    |

  Rule: DIRECT-10 Inviting a client older than version 7 is refused to the inviter

    @DIRECT-10
    Scenario Outline: The inviter is told that an older client cannot be invited
      Given Ada and Cid use version 7 or later
      And Bob uses version <version>
      When Ada invites Bob <form>
      Then the attempt is refused
      And Ada lists no invitation
      When Ada invites Cid <form>
      Then the attempt succeeds
      And Cid sees the invitation from Ada

      Examples:
        | version | form     |
        | 6.9.9   | by alias |
        | 6.10.0  | by ID    |

    @DIRECT-10
    Scenario: The inviter is told so on a tile too
      Given Ada and Cid use version 7 or later
      And Bob uses a version before 7
      And Bob is in Ada's Favorites
      And Cid is in Ada's Favorites
      When Ada invites Bob from the tile in Favorites
      Then the attempt is refused
      And Ada lists no invitation
      When Ada invites Cid from the tile in Favorites
      Then Cid sees the invitation from Ada
