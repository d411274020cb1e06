Feature: Answering an invitation
  The recipient accepts or rejects. Either answer ends the invitation.

  Rule: ANSWER-1 A rejection ends the invitation

    @ANSWER-1
    Scenario Outline: A rejected invitation is gone and accepting it later starts nothing
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      When Bob rejects the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending
      And Bob sees no invitation <place>
      When Bob accepts the invitation
      Then no session has started

      Examples:
        | form     | place         |
        | by ID    | in the client |
        | by alias | as a pop-up   |

    @ANSWER-1
    Scenario: Accepting an invitation that was rejected leaves the next one to another alone
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Cid
      When Bob accepts the invitation
      Then no session has started
      And Cid sees the invitation from Ada
      And Ada sees the invitation to Cid as pending

    @ANSWER-1
    Scenario: Rejecting the next invitation after a change leaves nothing to accept
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Ada has invited Bob
      And Ada has cancelled the invitation
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When Bob rejects the invitation
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When 10 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @ANSWER-1
    Scenario: Rejecting an invitation from a tile shortly before it expires ends it
      Given Ada and Bob use version 7 or later
      And Bob has a portable client
      And Bob is in Ada's Discovery
      And Ada has invited Bob from the tile in Discovery
      When 119 seconds have passed since the invitation was sent
      And Bob rejects the invitation
      Then the attempt succeeds
      And Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending

    @ANSWER-1
    Scenario: A rejected invitation does not return within its two minutes
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob rejects the invitation
      Then the attempt succeeds
      When 60 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When 115 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then no session has started

  Rule: ANSWER-2 Nobody but the addressee can answer

    @ANSWER-2
    Scenario Outline: Nobody else can accept or reject an invitation
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When <person> <first> the invitation meant for Bob
      Then no session has started
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      And Cid sees no invitation
      When <person> <second> the invitation meant for Bob
      Then no session has started
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And exactly one session has started

      Examples:
        | person | first   | second  |
        | Cid    | rejects | accepts |
        | Ada    | accepts | rejects |

    @ANSWER-2
    Scenario: An earlier recipient cannot answer the next recipient's invitation
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Cid
      And Cid has rejected the invitation
      And Ada has invited Bob
      When Cid accepts the invitation meant for Bob
      Then no session has started
      And Bob sees the invitation from Ada
      When Cid rejects the invitation meant for Bob
      Then Ada sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And exactly one session has started

    @ANSWER-2
    Scenario: A recipient with an invitation of their own cannot accept another's
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      When Ada invites Cid
      And Cid accepts the invitation meant for Bob
      Then no session has started
      And Bob sees the invitation from Ada
      And Ada sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And exactly one session has started

  Rule: ANSWER-3 Accepting twice starts one session

    @ANSWER-3
    Scenario: A second accept starts no second session
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And exactly one session has started

    @ANSWER-3
    Scenario: A second accept does not start the session anew
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Ada denies "input" in the session
      And Bob accepts the invitation
      Then exactly one session has started
      And the session denies "input"

    @ANSWER-3
    Scenario: A second accept starts no second session however late it comes
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When 60 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then exactly one session has started
      When 125 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then exactly one session has started
      And Bob controls the device of Ada

  Rule: ANSWER-4 Closing the pop-up is no answer

    @ANSWER-4
    Scenario: An invitation stays pending when its pop-up is closed
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob closes the pop-up
      Then Bob sees the invitation from Ada in the client
      And Ada sees the invitation to Bob as pending
      And no session has started
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then Bob controls the device of Ada

    @ANSWER-4
    Scenario: An invitation can be rejected after its pop-up was closed
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob closes the pop-up
      Then Bob sees the invitation from Ada in the client
      When Bob rejects the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending

    @ANSWER-4
    Scenario: An invitation whose pop-up was closed runs out as well
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob closes the pop-up
      And 121 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then no session has started

    @ANSWER-4
    Scenario: An invitation whose pop-up was closed is gone once it is cancelled
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob closes the pop-up from Ada
      Then Bob sees the invitation from Ada in the client
      When Ada cancels the invitation
      Then the attempt succeeds
      And Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @ANSWER-4
    Scenario: An invitation whose pop-up was closed can be changed and then accepted
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob closes the pop-up from Ada
      And Ada changes the invitation to the permission profile "Screen Sharing"
      Then the attempt succeeds
      And Bob sees the invitation from Ada in the client
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And the session has exactly the permissions "view"

  Rule: ANSWER-5 An accepted invitation is no longer shown

    @ANSWER-5
    Scenario: An accepted invitation disappears from the recipient's sight
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And Bob sees no invitation

    @ANSWER-5
    Scenario: An accepted invitation does not return to the recipient's sight
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      When 60 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When 115 seconds have passed since the invitation was sent
      Then Bob sees no invitation

    @ANSWER-5
    Scenario: An accepted invitation does not return with a recipient who was away
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has accepted the invitation
      When Bob goes offline
      And Bob comes back online
      And Cid invites Bob
      Then Bob sees the invitation from Cid
      But Bob sees no invitation from Ada

  Rule: ANSWER-6 The invitation can be answered in the client and in the pop-up alike

    @ANSWER-6
    Scenario Outline: Accepting starts the session wherever it is pressed
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      When Bob accepts the invitation <place>
      Then the attempt succeeds
      And Bob controls the device of Ada
      And exactly one session has started

      Examples:
        | form     | place         |
        | by ID    | in the client |
        | by alias | in the pop-up |

    @ANSWER-6
    Scenario Outline: Rejecting ends the invitation wherever it is pressed
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob <form>
      When Bob rejects the invitation <place>
      Then the attempt succeeds
      And Bob sees no invitation
      And Ada no longer sees the invitation to Bob as pending
      When Bob accepts the invitation
      Then no session has started

      Examples:
        | form     | place         |
        | by alias | in the client |
        | by ID    | in the pop-up |

    @ANSWER-6
    Scenario Outline: The next invitation, changed, can be answered late in either place
      Given Ada and Bob use version 7 or later
      And Ada has a portable client
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Ada has invited Bob
      And Ada has changed the invitation to the permission profile "Screen Sharing"
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation <place>
      Then Bob controls the device of Ada

      Examples:
        | place         |
        | in the client |
        | in the pop-up |
