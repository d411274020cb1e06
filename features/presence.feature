Feature: Going offline while an invitation is pending
  The page says nothing about clients that drop. We let a recipient find the invitation again,
  and take an inviter who leaves as one who has cancelled.

  Rule: PRESENCE-1 A recipient who comes back finds the invitation again

    @PRESENCE-1
    Scenario: A recipient who was away sees the invitation again and can accept it
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob goes offline
      And 60 seconds have passed since the invitation was sent
      Then Ada sees the invitation to Bob as pending
      When Bob comes back online
      Then Bob sees the invitation from Ada in the client
      When 119 seconds have passed since the invitation was sent
      And Bob accepts the invitation
      Then Bob controls the device of Ada

    @PRESENCE-1
    Scenario: Being away buys the recipient no time
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob goes offline
      And 60 seconds have passed since the invitation was sent
      And Bob comes back online
      Then Bob sees the invitation from Ada in the client
      When 121 seconds have passed since the invitation was sent
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @PRESENCE-1
    Scenario: A recipient who was away finds the changed invitation
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias
      When Bob goes offline
      And Ada changes the invitation to the permission profile "Screen Sharing"
      And Bob comes back online
      Then Bob sees exactly one invitation from Ada in the client
      When Bob accepts the invitation
      Then Bob controls the device of Ada
      And the session has exactly the permissions "view"

    @PRESENCE-1
    Scenario: A recipient who was away finds no invitation that was cancelled meanwhile
      Given Ada, Bob, Cid and Dora use version 7 or later
      And Cid has invited Dora
      And Ada has invited Bob
      When Bob goes offline
      And Dora goes offline
      And Ada cancels the invitation
      Then the attempt succeeds
      When Bob comes back online
      And Dora comes back online
      Then Dora sees the invitation from Cid in the client
      But Bob sees no invitation
      When Bob accepts the invitation from Ada
      Then no session has started

    @PRESENCE-1
    Scenario: A recipient who was away finds no invitation that was rejected before
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Bob
      And Bob has rejected the invitation
      And Cid has invited Bob
      When Bob goes offline
      And Bob comes back online
      Then Bob sees the invitation from Cid in the client
      But Bob sees no invitation from Ada

    @PRESENCE-1
    Scenario: A recipient who returns after the two minutes finds nothing to accept
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When 60 seconds have passed since the invitation was sent
      And Bob goes offline
      Then Ada sees the invitation to Bob as pending
      When 125 seconds have passed since the invitation was sent
      And Bob comes back online
      Then Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @PRESENCE-1
    Scenario: A recipient who was away twice sees the invitation and can reject it
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Bob goes offline
      And Bob comes back online
      And 60 seconds have passed since the invitation was sent
      And Bob goes offline
      And Bob comes back online
      Then Bob sees exactly one invitation from Ada in the client
      When Bob rejects the invitation
      Then the attempt succeeds
      And Ada no longer sees the invitation to Bob as pending

  Rule: PRESENCE-2 An inviter who goes offline has cancelled

    @PRESENCE-2
    Scenario: An invitation is gone when its inviter goes offline
      Given Ada, Bob and Cid use version 7 or later
      And Dora uses version 7 or later
      And Cid has invited Dora
      And Ada has invited Bob
      When Ada goes offline
      Then Bob sees no invitation
      But Dora sees the invitation from Cid

    @PRESENCE-2
    Scenario: An invitation does not come back with its inviter
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob by alias
      When Ada goes offline
      And Ada comes back online
      Then Ada lists no invitation
      And Bob sees no invitation
      When Bob accepts the invitation
      Then no session has started

    @PRESENCE-2
    Scenario: An inviter who goes offline leaves what has ended as it was
      Given Ada, Bob and Cid use version 7 or later
      And Ada has invited Cid
      And Cid has rejected the invitation
      And Ada has invited Bob
      When Ada goes offline
      And Ada comes back online
      Then Ada no longer sees the invitation to Bob as pending
      But Ada sees the invitation to Cid unchanged

    @PRESENCE-2
    Scenario: An inviter who was away can invite again, and cancels by leaving again
      Given Ada and Bob use version 7 or later
      And Ada has invited Bob
      When Ada goes offline
      And Ada comes back online
      And Ada invites Bob
      Then the attempt succeeds
      And Bob sees exactly one invitation from Ada in the client
      When Ada goes offline
      Then Bob sees no invitation
