Feature: The two minutes
  An invitation lives for two minutes after it was sent. Then it cannot be accepted any more,
  and neither side sees it as open.

  Rule: EXPIRY-1 Until shortly before the end it can be accepted

    @EXPIRY-1
    Scenario: An invitation can be accepted after 119 seconds
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada

    @EXPIRY-1
    Scenario: An invitation from a tile can be accepted after 119 seconds
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Discovery
      And Ada has invited Bob from the tile in Discovery
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada

    @EXPIRY-1
    Scenario: A change does not shorten the two minutes
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada

    @EXPIRY-1
    Scenario Outline: An earlier invitation does not shorten the time of the next one
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And <ending>
      And Ada has invited Bob <form>
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada

      Examples:
        | ending                           | form     |
        | Bob has rejected the invitation  | by ID    |
        | Ada has cancelled the invitation | by alias |

  Rule: EXPIRY-2 After two minutes it cannot be accepted

    @EXPIRY-2
    Scenario Outline: Accepting after more than two minutes starts nothing
      Given Ada and Bob use version <version>
      And Ada has invited Bob <form>
      When <seconds> seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then no session has started

      Examples:
        | form     | seconds | version |
        | by ID    | 121     | 10.0.0  |
        | by alias | 135     | 7.0.0   |

    @EXPIRY-2
    Scenario: Accepting an invitation that has expired leaves the next one to another alone
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And 121 seconds have passed since the invitation was sent
      And Ada has invited Cid
      When Bob accepts the invitation
      Then no session has started
      And Cid sees the invitation from Ada
      And Ada sees the invitation to Cid as pending

    @EXPIRY-2
    Scenario: The next invitation, from a tile, runs out as well
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And Bob has rejected the invitation
      And Ada has invited Bob from the tile in Favorites
      When 121 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then no session has started

    @EXPIRY-2
    Scenario: A changed invitation runs out too
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 135 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then no session has started

  Rule: EXPIRY-3 An expired invitation is no longer shown

    @EXPIRY-3
    Scenario Outline: An expired invitation disappears from the recipient's sight
      Given Ada and Bob use version <version>
      And Ada has invited Bob <form>
      When 121 seconds have passed since the invitation was sent
      Then Bob sees no invitation <place>

      Examples:
        | form     | place         | version |
        | by ID    | in the client | 7.0.0   |
        | by alias | as a pop-up   | 10.0.0  |

    @EXPIRY-3
    Scenario: The next invitation, from a tile, is no longer shown once it has expired
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Recent Sessions
      And Ada has invited Bob
      And Ada has cancelled the invitation
      And Ada has invited Bob from the tile in Recent Sessions
      When 121 seconds have passed since the invitation was sent
      Then Bob sees no invitation

    @EXPIRY-3
    Scenario: An expired invitation that had been changed is no longer shown
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 135 seconds have passed since the invitation was sent
      Then Bob sees no invitation

  Rule: EXPIRY-4 The inviter no longer sees an expired invitation as pending

    @EXPIRY-4
    Scenario: The inviter no longer waits for an expired invitation
      Given Ada and Bob use version 10.0.0
      And Ada has invited Bob by alias
      Then Ada sees the invitation to Bob as pending
      When 121 seconds have passed since the invitation was sent
      Then Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Ada no longer sees the invitation to Bob as pending

    @EXPIRY-4
    Scenario: Whoever has looked at an invitation sees that it has expired
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When everybody looks at their client
      And 121 seconds have passed since the invitation was sent
      Then Ada no longer sees the invitation to Bob as pending
      And Bob sees no invitation

    @EXPIRY-4
    Scenario: The inviter no longer waits for a changed invitation that has expired
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And 10 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      Then Ada sees the invitation to Bob as pending
      When 135 seconds have passed since the invitation was sent
      Then Ada no longer sees the invitation to Bob as pending

    @EXPIRY-4
    Scenario: The inviter no longer waits for the next invitation once it has expired
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Address Book
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob from the tile in Address Book
      Then Ada sees the invitation to Bob as pending
      When 121 seconds have passed since the invitation was sent
      Then Ada no longer sees the invitation to Bob as pending

  Rule: EXPIRY-5 A session is not cut off by the two minutes

    @EXPIRY-5
    Scenario Outline: A session outlives the invitation it came from
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      And <answered> seconds have passed since the invitation was sent
      And Bob has accepted the invitation
      When <later> seconds have passed since the invitation was sent
      Then Bob controls the device of Ada
      And the session allows "input"

      Examples:
        | form     | answered | later |
        | by ID    | 10       | 121   |
        | by alias | 119      | 135   |

    @EXPIRY-5
    Scenario: A session from a changed invitation from a tile outlives it
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Bob has a portable client
      And Bob is in Ada's Recent Sessions
      And Ada has invited Bob from the tile in Recent Sessions
      And 10 seconds have passed since the invitation was sent
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When 135 seconds have passed since the invitation was sent
      Then Bob controls the device of Ada

    @EXPIRY-5
    Scenario Outline: A session outlives a later invitation that expires
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When <inviter> invites <recipient>
      And another 125 seconds have passed
      Then Bob controls the device of Ada

      Examples:
        | inviter | recipient |
        | Ada     | Bob       |
        | Ada     | Cid       |
        | Bob     | Ada       |
        | Cid     | Bob       |

  Rule: EXPIRY-6 At the tick of two minutes the invitation has expired

    @EXPIRY-6
    Scenario: One millisecond before the end an invitation can be accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 119999 milliseconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then the attempt succeeds
      And Bob controls the device of Ada

    @EXPIRY-6
    Scenario Outline: At the tick and after it an invitation cannot be accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When <time> milliseconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then no session has started

      Examples:
        | time   |
        | 120000 |
        | 120001 |

    @EXPIRY-6
    Scenario: At the tick the invitation is gone on both sides
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 119999 milliseconds have passed since the invitation was sent
      Then Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When 120000 milliseconds have passed since the invitation was sent
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
