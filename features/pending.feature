Feature: While an invitation is pending
  Until it is answered, cancelled or expired, the inviter can change or cancel an invitation.
  After that nothing the inviter does to it has any effect.

  Rule: PENDING-1 The inviter can modify a pending invitation

    @PENDING-1
    Scenario: The inviter gives a pending invitation another permission profile
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Screen Sharing"
      And Ada sees the invitation to Bob as pending
      And Bob sees the invitation from Ada in the client

    @PENDING-1
    Scenario: A portable inviter can change the next invitation, and more than once
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob by alias
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Screen Sharing"
      When Ada changes the invitation to the permission profile "Full Access"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Full Access"

    @PENDING-1
    Scenario: An invitation from a tile can be changed shortly before it expires
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Ada has invited Bob from the tile in Favorites
      When 119 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Screen Sharing"
      And Ada sees the invitation to Bob as pending

    @PENDING-1
    Scenario: A pending invitation can be changed a fourth time
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      And Ada has changed the invitation to the permission profile "Full Access"
      And Ada has changed the invitation to the permission profile "Default"
      When 60 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Screen Sharing"
      And Ada sees the invitation to Bob as pending

    @PENDING-1
    Scenario: There is no limit to how often an invitation is changed
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada changes the invitation 150 times
      And Ada changes the invitation to the permission profile "Full Access"
      Then the attempt succeeds
      And the invitation to Bob has the permission profile "Full Access"

  Rule: PENDING-2 The inviter can cancel a pending invitation

    @PENDING-2
    Scenario: The inviter cancels a pending invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada cancels the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending

    @PENDING-2
    Scenario: A portable inviter can cancel the next invitation after changing it
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Ada has invited Bob
      And Ada has cancelled the invitation
      And Ada has invited Bob by alias
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When Ada cancels the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending

    @PENDING-2
    Scenario: An invitation from a tile can be cancelled shortly before it expires
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Address Book
      And Ada has invited Bob from the tile in Address Book
      When 119 seconds have passed since the invitation was sent
      And Ada cancels the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending

  Rule: PENDING-3 A cancelled invitation is gone and cannot be accepted

    @PENDING-3
    Scenario Outline: A cancelled invitation is gone and accepting it starts nothing
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      When Ada cancels the invitation
      Then Bob sees no invitation <place>
      When Bob accepts the invitation
      Then no session has started

      Examples:
        | form     | place         |
        | by ID    | in the client |
        | by alias | as a pop-up   |

    @PENDING-3
    Scenario: Cancelling the next invitation after changing it leaves nothing to accept
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Full Access"
      When Ada cancels the invitation
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @PENDING-3
    Scenario: Cancelling an invitation from a tile leaves nothing to accept
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Favorites
      And Ada has invited Bob from the tile in Favorites
      When Ada cancels the invitation
      Then Bob sees no invitation
      When 10 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @PENDING-3
    Scenario: Accepting an invitation that was cancelled leaves the next one to another alone
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Ada has cancelled the invitation
      And Ada has invited Cid
      When Bob accepts the invitation
      Then no session has started
      And Cid sees the invitation from Ada
      And Ada sees the invitation to Cid as pending

    @PENDING-3
    Scenario: A cancelled invitation does not return within its two minutes
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada cancels the invitation
      Then the attempt succeeds
      When 60 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When 115 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

  Rule: PENDING-4 Once it has ended an invitation can no longer be modified

    @PENDING-4
    Scenario: Changing an accepted invitation leaves it and the session alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada changes the invitation to the permission profile "Full Access"
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada
      And the session has exactly the permissions "view"

    @PENDING-4
    Scenario: An invitation changed while pending cannot be changed again once accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada changes the invitation to the permission profile "Full Access"
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada
      And the session denies "tcp-tunnel"

    @PENDING-4
    Scenario Outline: Changing an invitation that came to nothing does not bring it back
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      And <ending>
      When Ada changes the invitation to the permission profile "Screen Sharing"
      Then Ada sees the invitation to Bob unchanged
      And Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

      Examples:
        | form     | ending                                                |
        | by ID    | Bob has rejected the invitation                       |
        | by alias | Ada has cancelled the invitation                      |
        | by ID    | 121 seconds have passed since the invitation was sent |

    @PENDING-4
    Scenario: Changing an accepted invitation a minute later leaves the session alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When 60 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Full Access"
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada
      And the session has exactly the permissions "view"

    @PENDING-4
    Scenario Outline: Changing an ended invitation a minute later does not bring it back
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And <ending>
      When 60 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then Ada sees the invitation to Bob unchanged
      And Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

      Examples:
        | ending                           |
        | Bob has rejected the invitation  |
        | Ada has cancelled the invitation |

    @PENDING-4
    Scenario Outline: Changing an earlier invitation leaves the one that is pending alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And <ending>
      And Ada has invited Bob
      When Ada changes the earlier invitation to the permission profile "Screen Sharing"
      Then the invitation to Bob has the permission profile "Default"
      When Bob accepts the invitation
      Then the session has exactly the permissions of the permission profile "Default"

      Examples:
        | ending                           |
        | Bob has rejected the invitation  |
        | Ada has cancelled the invitation |

  Rule: PENDING-5 Once it has ended an invitation can no longer be cancelled

    @PENDING-5
    Scenario: Cancelling an accepted invitation leaves it and the session alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada cancels the invitation
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada
      And the session has exactly the permissions of the permission profile "Default"

    @PENDING-5
    Scenario: An invitation changed while pending cannot be cancelled once accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      And Bob has accepted the invitation
      When Ada cancels the invitation
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada

    @PENDING-5
    Scenario Outline: Cancelling an invitation that came to nothing does not alter its end
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      And <ending>
      When Ada cancels the invitation
      Then Ada sees the invitation to Bob unchanged
      And Bob sees no invitation

      Examples:
        | form     | ending                                                |
        | by ID    | Bob has rejected the invitation                       |
        | by ID    | Ada has cancelled the invitation                      |
        | by alias | 121 seconds have passed since the invitation was sent |

    @PENDING-5
    Scenario Outline: Cancelling an accepted invitation much later leaves the session alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When <time> seconds have passed since the invitation was sent
      And Ada cancels the invitation
      Then Ada sees the invitation to Bob unchanged
      And Bob controls the device of Ada
      When 135 seconds have passed since the invitation was sent
      Then Bob controls the device of Ada
      And the session has exactly the permissions of the permission profile "Default"

      Examples:
        | time |
        | 60   |
        | 125  |

    @PENDING-5
    Scenario Outline: Cancelling an earlier invitation leaves the one that is pending alone
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And <ending>
      And Ada has invited Bob
      When Ada cancels the earlier invitation
      Then Ada sees the invitation to Bob as pending
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then Bob controls the device of Ada

      Examples:
        | ending                                                |
        | Ada has cancelled the invitation                      |
        | 121 seconds have passed since the invitation was sent |

  Rule: PENDING-6 A change does not restart the two minutes

    @PENDING-6
    Scenario: A changed invitation is gone two minutes after it was sent
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 110 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      When 119 seconds have passed since the invitation was sent
      Then Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When 121 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then no session has started

    @PENDING-6
    Scenario: Changes at fractions of a second add nothing to the two minutes
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 500 milliseconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      And 1000 milliseconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Full Access"
      And 1500 milliseconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When 121 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then no session has started

    @PENDING-6
    Scenario: Four changes do not restart the two minutes either
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 30 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      And Ada changes the invitation to the permission profile "Full Access"
      And 60 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Default"
      And 110 seconds have passed since the invitation was sent
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Bob sees the invitation from Ada
      When 125 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then no session has started

  Rule: PENDING-7 Invitations of different pairs do not touch each other

    @PENDING-7
    Scenario: An invitation stays when those to other recipients are cancelled or rejected
      Given Ada, Bob and Cid use version 7 or later
      And Dora uses version 7 or later
      And Ada has invited Bob
      When Ada invites Cid
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When Ada invites Dora
      Then the attempt succeeds
      And Dora sees the invitation from Ada
      When Ada cancels the invitation to Bob
      And Dora rejects the invitation
      Then Bob sees no invitation
      And Dora sees no invitation
      But Cid sees the invitation from Ada
      And Ada sees the invitation to Cid as pending
      When Cid accepts the invitation
      Then Cid controls the device of Ada

    @PENDING-7
    Scenario: An invitation stays as it is when another recipient's is changed and accepted
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When Ada invites Cid
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When Ada changes the invitation to Bob to the permission profile "Screen Sharing"
      Then the invitation to Bob has the permission profile "Screen Sharing"
      But the invitation to Cid has the permission profile "Default"
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      But Cid does not control the device of Ada
      And Cid sees the invitation from Ada
      And Ada sees the invitation to Cid as pending

    @PENDING-7
    Scenario: Each recipient has two minutes of their own
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When 10 seconds have passed since Ada invited Bob
      And Ada invites Cid
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When 119 seconds have passed since Ada invited Bob
      Then Bob sees the invitation from Ada
      When 121 seconds have passed since Ada invited Bob
      Then Bob sees no invitation
      But Cid sees the invitation from Ada
      When 119 seconds have passed since Ada invited Cid
      And Cid accepts the invitation
      Then Cid controls the device of Ada

    @PENDING-7
    Scenario: An invitation stays when those of other inviters are cancelled or rejected
      Given Ada, Bob and Cid use version 7 or later
      And Dora uses version 7 or later
      And Ada has invited Bob
      When Cid invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Cid
      When Dora invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Dora
      And the notification shows Bob the ID of Ada
      And the notification shows Bob the ID of Cid
      And the notification shows Bob the ID of Dora
      When Bob rejects the invitation from Ada
      And Dora cancels the invitation to Bob
      Then Bob sees no invitation from Ada
      And Bob sees no invitation from Dora
      But Bob sees the invitation from Cid
      And Cid sees the invitation to Bob as pending
      When Bob accepts the invitation from Cid
      Then Bob controls the device of Cid
      And exactly one session has started

    @PENDING-7
    Scenario: Two inviters' pop-ups come and go one by one
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When Cid invites Bob
      Then Bob sees the invitation from Cid as a pop-up in the bottom-right corner
      And Bob sees the invitation from Ada as a pop-up in the bottom-right corner
      When Cid cancels the invitation
      Then Bob sees no invitation from Cid as a pop-up
      But Bob sees the invitation from Ada as a pop-up in the bottom-right corner

    @PENDING-7
    Scenario: Accepting one inviter's invitation keeps the other's
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Cid invites Bob
      Then Bob sees the invitation from Cid
      When Bob accepts the invitation from Ada
      Then Bob controls the device of Ada
      And the session has exactly the permissions "view"
      But Bob does not control the device of Cid
      And Bob sees the invitation from Cid
      And Cid sees the invitation to Bob as pending

    @PENDING-7
    Scenario: When one inviter's invitation expires the other's stays
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When 10 seconds have passed since Ada invited Bob
      And Cid invites Bob
      Then the attempt succeeds
      And Bob sees the invitation from Cid
      When 121 seconds have passed since Ada invited Bob
      Then Bob sees no invitation from Ada
      But Bob sees the invitation from Cid
      When Bob accepts the invitation from Cid
      Then Bob controls the device of Cid

    @PENDING-7
    Scenario: Of three invitations of an inviter the second is cancelled
      Given Ada, Bob, Cid and Dora use version 7 or later
      And Ada has invited Bob
      When Ada invites Cid
      And Ada invites Dora
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When Ada cancels the invitation to Cid
      Then Cid sees no invitation
      And Ada no longer sees the invitation to Cid as pending
      But Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      And Dora sees the invitation from Ada
      And Ada sees the invitation to Dora as pending

    @PENDING-7
    Scenario: Of three invitations of an inviter the third is changed, the second accepted
      Given Ada, Bob, Cid and Dora use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Ada invites Cid
      And Ada invites Dora
      Then the attempt succeeds
      And Cid sees the invitation from Ada
      When Ada changes the invitation to Dora to the permission profile "Full Access"
      Then the invitation to Dora has the permission profile "Full Access"
      But the invitation to Bob has the permission profile "Screen Sharing"
      And the invitation to Cid has the permission profile "Default"
      When Cid accepts the invitation
      Then Cid controls the device of Ada
      And the session has exactly the permissions of the permission profile "Default"
      But Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      And Dora sees the invitation from Ada
      And Ada sees the invitation to Dora as pending

    @PENDING-7
    Scenario: The invitations of five inviters are all shown
      Given Ada, Bob, Cid, Dora, Eve and Finn use version 7 or later
      And Ada has invited Bob
      When Cid invites Bob
      And Dora invites Bob
      And Eve invites Bob
      And Finn invites Bob
      Then the attempt succeeds
      And Bob sees exactly one invitation from Ada in the client
      And Bob sees exactly one invitation from Cid in the client
      And Bob sees exactly one invitation from Dora in the client
      And Bob sees exactly one invitation from Eve in the client
      And Bob sees exactly one invitation from Finn in the client
      And Bob sees the invitation from Ada as a pop-up in the bottom-right corner
      And Bob sees the invitation from Finn as a pop-up in the bottom-right corner

    @PENDING-7
    Scenario: Of the invitations of five inviters each can be ended by itself
      Given Ada, Bob, Cid, Dora, Eve and Finn use version 7 or later
      And Ada has invited Bob
      When Cid invites Bob
      And Dora invites Bob
      And Eve invites Bob
      And Finn invites Bob
      Then Bob sees the invitation from Dora
      And Bob sees the invitation from Eve
      When Bob rejects the invitation from Eve
      And Bob accepts the invitation from Dora
      And Cid cancels the invitation to Bob
      Then Bob controls the device of Dora
      And exactly one session has started
      And Bob sees no invitation from Cid
      And Bob sees no invitation from Eve
      But Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      And Bob sees the invitation from Finn
      And Finn sees the invitation to Bob as pending

    @PENDING-7
    Scenario: Of three inviters' pop-ups the second is closed
      Given Ada, Bob, Cid and Dora use version 7 or later
      And Ada has invited Bob
      When Cid invites Bob
      And Dora invites Bob
      Then Bob sees the invitation from Cid as a pop-up in the bottom-right corner
      When Bob closes the pop-up from Cid
      Then Bob sees no invitation from Cid as a pop-up
      But Bob sees the invitation from Ada as a pop-up in the bottom-right corner
      And Bob sees the invitation from Dora as a pop-up in the bottom-right corner

  Rule: PENDING-8 A second invitation of the same inviter to the same recipient is refused

    @PENDING-8
    Scenario Outline: Inviting someone again while the first invitation is pending is refused
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <first> with the permission profile "Screen Sharing"
      When Ada invites Bob <second> with the permission profile "Full Access"
      Then the attempt is refused
      And Bob sees exactly one invitation from Ada in the client
      And the invitation to Bob has the permission profile "Screen Sharing"
      When Bob accepts the invitation
      Then the session has exactly the permissions "view"

      Examples:
        | first    | second   |
        | by ID    | by ID    |
        | by ID    | by alias |
        | by alias | by ID    |

    @PENDING-8
    Scenario: Neither a change nor a tile makes room for a second invitation
      Given Ada and Bob use version 7 or later
      And Bob is in Ada's Favorites
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 119 seconds have passed since the invitation was sent
      And Ada invites Bob from the tile in Favorites
      Then the attempt is refused
      And Bob sees the invitation from Ada in the client
      And the invitation to Bob has the permission profile "Screen Sharing"

    @PENDING-8
    Scenario: A third invitation is refused while the second is pending
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Ada invites Bob with the permission profile "Full Access"
      Then the attempt is refused
      And Bob sees exactly one invitation from Ada in the client
      And the invitation to Bob has the permission profile "Screen Sharing"

  Rule: PENDING-9 Two people can invite each other at the same time

    @PENDING-9
    Scenario: Of two crossed invitations one can be changed and cancelled
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob invites Ada
      Then the attempt succeeds
      And Ada sees the invitation from Bob
      And Bob sees the invitation from Ada
      When Ada changes the invitation to Bob to the permission profile "Screen Sharing"
      Then the invitation to Bob has the permission profile "Screen Sharing"
      But the invitation to Ada has the permission profile "Default"
      When Ada cancels the invitation to Bob
      Then Bob sees no invitation from Ada
      But Ada sees the invitation from Bob
      And Bob sees the invitation to Ada as pending

    @PENDING-9
    Scenario: Of two crossed invitations one can be rejected and the other accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob invites Ada
      Then the attempt succeeds
      And Ada sees the invitation from Bob
      When Bob rejects the invitation from Ada
      Then Bob sees no invitation from Ada
      But Ada sees the invitation from Bob
      When Ada accepts the invitation from Bob
      Then Ada controls the device of Bob
      But Bob does not control the device of Ada

    @PENDING-9
    Scenario: Of two crossed invitations one stays when the other is accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob invites Ada
      Then the attempt succeeds
      And Ada sees the invitation from Bob
      When Bob accepts the invitation from Ada
      Then Bob controls the device of Ada
      But Ada does not control the device of Bob
      And Ada sees the invitation from Bob
      And Bob sees the invitation to Ada as pending

    @PENDING-9
    Scenario: Each of two crossed invitations has two minutes of its own
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 10 seconds have passed since Ada invited Bob
      And Bob invites Ada
      Then the attempt succeeds
      And Ada sees the invitation from Bob
      When 121 seconds have passed since Ada invited Bob
      Then Bob sees no invitation from Ada
      But Ada sees the invitation from Bob
      And Bob sees the invitation to Ada as pending

    @PENDING-9
    Scenario: Of two crossed invitations both can be accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Bob invites Ada
      Then the attempt succeeds
      And Ada sees the invitation from Bob
      When Bob accepts the invitation from Ada
      And Ada accepts the invitation from Bob
      Then Bob controls the device of Ada
      And Ada controls the device of Bob
      And the session with Bob has exactly the permissions "view"
      But the session with Ada allows "input"

  Rule: PENDING-10 Nobody but the inviter can modify or cancel

    @PENDING-10
    Scenario Outline: Nobody else can change or cancel an invitation
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When <person> changes the invitation meant for Bob to the permission profile "Full Access"
      Then the invitation to Bob has the permission profile "Screen Sharing"
      And Cid sees no invitation
      When <person> cancels the invitation meant for Bob
      Then Ada sees the invitation to Bob as pending
      And Bob sees the invitation from Ada
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And the session has exactly the permissions "view"

      Examples:
        | person |
        | Bob    |
        | Cid    |

    @PENDING-10
    Scenario: An earlier recipient cannot change or cancel the next recipient's invitation
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Cid
      And Cid has rejected the invitation
      And Ada has invited Bob with the permission profile "Screen Sharing"
      When Cid changes the invitation meant for Bob to the permission profile "Full Access"
      Then the invitation to Bob has the permission profile "Screen Sharing"
      When Cid cancels the invitation meant for Bob
      Then Ada sees the invitation to Bob as pending
      And Bob sees the invitation from Ada
